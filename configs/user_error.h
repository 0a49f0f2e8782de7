// A mistake of the user: reported as its one line of text, without a trace, with exit code 2.
#pragma once

#include <stdexcept>

namespace anole {

class UserError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace anole
