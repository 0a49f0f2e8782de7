// A column of figures: declared where its numbers are made. Files, TensorBoard's descriptions,
// lists and documents follow from it.
#pragma once

#include <string>

namespace anole {

struct Column {
  std::string name;         // "kl"
  std::string unit;         // "nats"; empty: none
  std::string help;         // what the number is of, and when it is not there
  bool per_update = false;  // of each inner update as well, as NAME/update_K
};

}  // namespace anole
