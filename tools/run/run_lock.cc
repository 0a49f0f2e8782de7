#include "tools/run/run_lock.h"

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
#include "tools/run/files/durable_file.h"
#include "tools/run/run_files.h"

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

int OpenFolder(const fs::path& run) {
  return open(run.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

// Whether the lock is ours now. A file system without locks has to do without.
bool TryLock(int descriptor, int kind) {
  return flock(descriptor, kind | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

}  // namespace

RunLock::RunLock(const fs::path& run) : folder_(OpenFolder(run)) {
  const fs::path lock = run / kLockFile;
  const bool is_free = folder_ < 0 || TryLock(folder_, LOCK_EX);
  if (is_free) {
    file_ = open(lock.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644);
  }
  const int error = errno;
  if (!is_free || (file_ >= 0 && !TryLock(file_, LOCK_EX))) {
    Close();
    RefuseLocked(run);
  }
  if (file_ < 0) {
    Close();
    CheckOwn(lock);
    throw fs::filesystem_error("cannot write", lock, {error, std::generic_category()});
  }
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  const std::string holder = fmt::format("process {} on {}\n", getpid(), host.data());
  // For people only: a full disk must not be what keeps a run from going on.
  [[maybe_unused]] const bool told =
      ftruncate(file_, 0) == 0 && write(file_, holder.data(), holder.size()) >= 0;
}

RunLock::~RunLock() { Close(); }

void RunLock::Close() const {
  for (const int descriptor : {file_, folder_}) {
    if (descriptor >= 0) close(descriptor);
  }
}

std::optional<fs::path> RunLock::Moved(const fs::path& run) const {
  struct stat ours{};
  struct stat there{};
  if (fstat(folder_, &ours) != 0) return std::nullopt;
  if (stat(run.c_str(), &there) == 0 && ours.st_dev == there.st_dev &&
      ours.st_ino == there.st_ino) {
    return std::nullopt;
  }
  std::error_code unknown;
  const fs::path now = fs::read_symlink(fmt::format("/proc/self/fd/{}", folder_), unknown);
  return fs::exists(now, unknown) ? now : fs::path();
}

bool RunLock::IsHeld(const fs::path& run) {
  bool is_free = true;
  for (const int descriptor :
       {OpenFolder(run), open((run / kLockFile).c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)}) {
    if (descriptor < 0) continue;
    is_free = TryLock(descriptor, LOCK_SH) && is_free;
    close(descriptor);
  }
  return !is_free;
}

void RunLock::Check(const fs::path& run) {
  if (IsHeld(run)) RefuseLocked(run);
}

}  // namespace anole
