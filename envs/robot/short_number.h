// Numbers as messages tell them.
#pragma once

#include <array>
#include <cstdio>
#include <string>

namespace anole {

// "0.3333"
inline std::string ShortNumber(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.4g", number);
  return text.data();
}

}  // namespace anole
