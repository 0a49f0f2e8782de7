// One process at a time trains a run.
#pragma once

#include <filesystem>
#include <optional>
#include <utility>

namespace anole {

// Holds the folder of a run, and the file `lock` inside, which tells people who does and serves
// where a file system locks no folders. The kernel lets go of both however the process ends, so a
// killed one leaves nothing to clean up; a file `lock` that somebody removes frees nothing.
class RunLock {
 public:
  // Throws UserError, which names the other process, where the run is locked already, and
  // std::filesystem::filesystem_error where the folder cannot be written to. Does not follow a link
  // that is called `lock`.
  explicit RunLock(const std::filesystem::path& run);
  ~RunLock();
  RunLock(RunLock&& other) noexcept
      : folder_(std::exchange(other.folder_, -1)), file_(std::exchange(other.file_, -1)) {}
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;
  RunLock& operator=(RunLock&&) = delete;

  // Where the folder is now, if it is not at `run` any more; "": it was removed.
  std::optional<std::filesystem::path> Moved(const std::filesystem::path& run) const;

  // Whether a process, this one included, trains the run now; touches nothing.
  static bool IsHeld(const std::filesystem::path& run);
  // Throws the UserError that the constructor would throw, and touches nothing.
  static void Check(const std::filesystem::path& run);

 private:
  void Close() const;

  int folder_, file_ = -1;  // descriptors
};

}  // namespace anole
