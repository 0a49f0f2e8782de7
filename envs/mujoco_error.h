// MuJoCo's errors as exceptions.
#pragma once

#include <stdexcept>
#include <string>

namespace anole {

// What MuJoCo cannot go on after, such as a model whose <size memory> is too small; the mjData that
// it happened to is of no further use. MuJoCo by itself would write a file into the working folder
// and end the process; CheckMujocoVersion, which comes before all use of it, sees to that.
class MujocoError : public std::runtime_error {
 public:
  explicit MujocoError(const std::string& message) : std::runtime_error("MuJoCo: " + message) {}
};

}  // namespace anole
