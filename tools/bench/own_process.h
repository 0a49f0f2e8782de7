// This program once more, as a process of its own: what threads are compared with, and what memory
// and start-up are measured on.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tools/run/files/scratch_folder.h"

namespace anole::bench {

class OwnProcess {
 public:
  // Starts it with these arguments. Its output is thrown away; errors go to stderr.
  explicit OwnProcess(const std::vector<std::string>& arguments);
  ~OwnProcess();  // waits
  OwnProcess(const OwnProcess&) = delete;
  OwnProcess& operator=(const OwnProcess&) = delete;

  // Returns its CPU time [s]. Throws std::runtime_error where it fails.
  double Wait();
  // Waits, and returns the most memory that it ever had resident [bytes]: as seen from outside,
  // because what the kernel reports afterwards (ru_maxrss) begins with the parent's.
  double WaitForPeakMemory();

 private:
  bool HasEnded() const;

  pid_t pid_ = 0;  // 0: has been waited for
};

// A training of one iteration. Tasks, updates, episodes and steps are as by default, and as those
// of configs/quickstart.toml.
class OwnTraining {
 public:
  explicit OwnTraining(int threads);

  OwnProcess& process() { return process_; }
  std::filesystem::path run() const { return folder_.path() / "run"; }

 private:
  ScratchFolder folder_;
  OwnProcess process_;
};

}  // namespace anole::bench
