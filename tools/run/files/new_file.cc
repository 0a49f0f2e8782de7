#include "tools/run/files/new_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

#include "tools/run/files/durable_file.h"
#include "tools/run/process/interrupt.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void Fail(const fs::path& path) {
  throw fs::filesystem_error("cannot write", path, {errno, std::generic_category()});
}

// A pipe, a device; or a name of what a process has open, whatever that is.
bool IsSpecial(const fs::path& path) {
  const std::string text = path.lexically_normal().string();
  for (const char* open : {"/proc/", "/dev/fd/", "/dev/stdout", "/dev/stderr"}) {
    if (text.starts_with(open)) return true;
  }
  if (IsStandardOutput(path)) return true;
  const fs::file_status status = fs::status(path);
  return fs::exists(status) && !fs::is_regular_file(status);
}

// ".NAME.1f2e3d4c.tmp": hidden, and nobody else's.
std::string TemporaryName(const fs::path& target) {
  constexpr std::size_t kLongest = 200;  // of 255 bytes
  return fmt::format(".{}.{:08x}{}", target.filename().string().substr(0, kLongest),
                     std::random_device()(), kUnfinishedSuffix);
}

// Waits for the other end of a pipe, but no longer than until a signal.
int OpenSpecial(const fs::path& path) {
  constexpr std::chrono::milliseconds kPeriod(20);
  while (true) {
    const int descriptor = open(path.c_str(), O_WRONLY | O_TRUNC | O_NONBLOCK | O_CLOEXEC);
    if (descriptor >= 0) {
      fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
      return descriptor;
    }
    if (errno != ENXIO) return descriptor;
    if (InterruptGuard::signal() != 0) {
      throw std::runtime_error(path.string() + ": nobody reads from this pipe");
    }
    std::this_thread::sleep_for(kPeriod);
  }
}

}  // namespace

NewFile::NewFile(const fs::path& target) : target_(fs::absolute(target)) {
  if (!IsSpecial(target_)) {
    if (fs::exists(target_)) target_ = fs::canonical(target_);
    if (MakeBeside()) return;
  }
  memory_ = memfd_create("result", MFD_CLOEXEC);
  if (memory_ < 0) Fail(target_);
  path_ = fmt::format("/proc/self/fd/{}", memory_);
}

NewFile::~NewFile() {
  if (memory_ >= 0) {
    close(memory_);
  } else if (!committed_) {
    unlink(path_.c_str());
  }
}

// Not where the folder takes no new files, but the old one can be written.
bool NewFile::MakeBeside() {
  int descriptor = -1;
  do {
    path_ = target_.parent_path() / TemporaryName(target_);
    descriptor = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (descriptor < 0 && errno == EEXIST);
  if (descriptor < 0) {
    const bool forbidden = errno == EACCES || errno == EPERM || errno == EROFS;
    if (forbidden && fs::exists(target_)) return false;
    Fail(target_);
  }
  struct stat old{};
  if (stat(target_.c_str(), &old) == 0) fchmod(descriptor, old.st_mode & 0777);
  close(descriptor);
  return true;
}

void NewFile::Commit() {
  if (memory_ >= 0) {
    CopyToTarget();
  } else {
    Sync(path_);
    fs::rename(path_, target_);
    committed_ = true;
    Sync(target_.parent_path());
  }
}

void NewFile::CopyToTarget() const {
  const bool printed = IsStandardOutput(target_);
  if (printed) std::fflush(stdout);
  const int out = printed ? STDOUT_FILENO : OpenSpecial(target_);
  if (out < 0) Fail(target_);
  std::array<char, 65536> buffer{};
  off_t done = 0;
  bool failed = false;
  int error = 0;
  while (!failed) {
    const ssize_t size = pread(memory_, buffer.data(), buffer.size(), done);
    if (size == 0) break;
    const ssize_t written =
        size < 0 ? -1 : write(out, buffer.data(), static_cast<std::size_t>(size));
    if (written > 0) done += written;
    failed = written < 0 && errno != EINTR;
    error = errno;
  }
  if (!printed) close(out);
  errno = error;
  if (failed) Fail(target_);
}

void WriteNewFile(const fs::path& target, const std::string& text) {
  NewFile file(target);
  errno = 0;
  std::ofstream stream(file.path(), std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) Fail(target);
  file.Commit();
}

bool IsStandardOutput(const fs::path& path) {
  struct stat facts{}, out{};
  return stat(path.c_str(), &facts) == 0 && fstat(STDOUT_FILENO, &out) == 0 &&
         facts.st_dev == out.st_dev && facts.st_ino == out.st_ino;
}

}  // namespace anole
