// One process at a time trains a run.
#pragma once

#include <filesystem>
#include <optional>
#include <utility>

namespace anole {

// Holds the file `lock` of a run directory. The kernel lets go of it however the process ends, so a
// killed one leaves nothing to clean up.
class RunLock {
 public:
  // Throws UserError, which names the other process, where the run is locked already, and
  // std::filesystem::filesystem_error where the folder cannot be written to.
  explicit RunLock(const std::filesystem::path& run);
  ~RunLock();
  RunLock(RunLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;
  RunLock& operator=(RunLock&&) = delete;

  // Where the folder is now, if it is not at `run` any more; "": it was removed.
  std::optional<std::filesystem::path> Moved(const std::filesystem::path& run) const;

  // Throws the UserError that the constructor would throw, and touches nothing.
  static void Check(const std::filesystem::path& run);

 private:
  int descriptor_;
};

}  // namespace anole
