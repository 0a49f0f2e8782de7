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

// The files that a task comes from, as they are.
struct TaskFiles {
  std::string told;  // what messages call them
  // Of their content, and as older versions of anole stored it. Empty: there are none yet.
  std::string checksum, former_checksum = {};
};

// Throws ChangedTaskError where the option says neither of them, nor "any".
inline void CheckChecksum(const std::string& option, const TaskFiles& files) {
  if (option == "any" || option == files.checksum || option == files.former_checksum) return;
  throw ChangedTaskError("task.checksum = \"" + option + "\": " + files.told +
                         " has changed since");
}

// Reading, checks the files against the option, which then is theirs.
template <class Options>
void DescribeChecksum(VisitOf<Options> visit, std::string Options::* checksum,
                      const TaskFiles& files) {
  Options* const read = files.checksum.empty() ? nullptr : visit.reading();
  if (read != nullptr) read->*checksum = files.checksum;
  visit(kChecksumOption, checksum,
        {.help = "of the files that the task comes from, as they were when the run began; any: "
                 "whatever they are now"});
  if (read == nullptr) return;
  CheckChecksum(read->*checksum, files);
  read->*checksum = files.checksum;
}

}  // namespace anole
