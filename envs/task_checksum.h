// task.checksum: whether the files that a task comes from are those that a run began with.
#pragma once

#include <string>

#include "configs/option.h"
#include "configs/user_error.h"

namespace anole {

inline constexpr const char* kChecksumOption = "task.checksum";

// They are others.
class ChangedTaskError : public UserError {
 public:
  explicit ChangedTaskError(const std::string& problem)
      : UserError(problem + "; --task.checksum=any accepts that"), problem_(problem) {}

  const std::string& problem() const { return problem_; }  // without advice

 private:
  std::string problem_;
};

// files: for messages. actual: of the files as they are; empty: there are none yet. former: as
// older versions of anole stored it. Throws ChangedTaskError where the option is neither of them.
inline void DescribeChecksum(OptionVisitor& visit, const std::string& files,
                             const std::string& actual, const std::string& former,
                             std::string& checksum) {
  if (!actual.empty()) checksum = actual;
  visit(kChecksumOption, checksum,
        {.help = "of the files that the task comes from, as they were when the run began; any: "
                 "whatever they are now"});
  if (actual.empty()) return;
  if (checksum != "any" && checksum != actual && checksum != former) {
    throw ChangedTaskError("task.checksum = \"" + checksum + "\": " + files + " has changed since");
  }
  checksum = actual;
}

}  // namespace anole
