// A mistake of the user: reported as its one line of text, without a trace, with exit code 2.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace anole {

class UserError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What is wrong with the value of an option, found by what was made of it. Whoever knows where the
// value was written can say that instead of the option's name.
class OptionError : public UserError {
 public:
  OptionError(std::string option, std::string problem)
      : UserError(option + ": " + problem),
        option_(std::move(option)),
        problem_(std::move(problem)) {}

  const std::string& option() const { return option_; }
  const std::string& problem() const { return problem_; }

 private:
  std::string option_, problem_;
};

}  // namespace anole
