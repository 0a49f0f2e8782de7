#include "tools/run_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>

#include "configs/user_error.h"
#include "tools/run_files.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void RefuseLocked(const fs::path& run) {
  std::ifstream file(run / kLockFile);
  std::string holder;  // "process 4711 on host"
  std::getline(file, holder);
  throw UserError(fmt::format("{}: is being trained by {}; stop that first, or wait for its end",
                              run.string(), holder.empty() ? "another process" : holder));
}

// Whether the lock is ours now. A file system without locks has to do without.
bool TryLock(int descriptor, int kind) {
  return flock(descriptor, kind | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

}  // namespace

RunLock::RunLock(const fs::path& run)
    : descriptor_(open((run / kLockFile).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (descriptor_ < 0) {
    throw fs::filesystem_error("cannot write", run / kLockFile, {errno, std::generic_category()});
  }
  if (!TryLock(descriptor_, LOCK_EX)) {
    close(descriptor_);
    RefuseLocked(run);
  }
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  const std::string holder = fmt::format("process {} on {}\n", getpid(), host.data());
  // For people only: a full disk must not be what keeps a run from going on.
  [[maybe_unused]] const bool told =
      ftruncate(descriptor_, 0) == 0 && write(descriptor_, holder.data(), holder.size()) >= 0;
}

RunLock::~RunLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::optional<fs::path> RunLock::Moved(const fs::path& run) const {
  struct stat ours {};
  struct stat there {};
  if (fstat(descriptor_, &ours) != 0) return std::nullopt;
  if (stat((run / kLockFile).c_str(), &there) == 0 && ours.st_dev == there.st_dev &&
      ours.st_ino == there.st_ino) {
    return std::nullopt;
  }
  std::error_code unknown;
  if (fs::is_directory(run, unknown)) return std::nullopt;  // the lock alone was taken away
  const fs::path now = fs::read_symlink(fmt::format("/proc/self/fd/{}", descriptor_), unknown);
  return fs::exists(now, unknown) ? now.parent_path() : fs::path();
}

void RunLock::Check(const fs::path& run) {
  const int descriptor = open((run / kLockFile).c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  const bool is_free = TryLock(descriptor, LOCK_SH);
  close(descriptor);
  if (!is_free) RefuseLocked(run);
}

}  // namespace anole
