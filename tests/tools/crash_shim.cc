// Preloaded into a program (LD_PRELOAD), counts what it does to a folder and may kill it there, or
// have a call fail.
//
//   ANOLE_CRASH_FOLDER  calls on this folder (absolute, no links) and all below it are counted
//   ANOLE_CRASH_AT      SIGKILL before call number N, counted from 1, takes effect
//   ANOLE_CRASH_ERROR   instead, that one call fails with this errno, and nothing takes effect
//   ANOLE_CRASH_READS   1: opens that only read, and locks, are counted as well
//   ANOLE_CRASH_THREAD  start number N of a thread, counted from 1, fails with EAGAIN; -N: it, and
//                       all after it
//   ANOLE_CRASH_FSYNC   fsync fails with this errno
//   ANOLE_CRASH_TORN    1: a write that dies there has written half of its bytes
//   ANOLE_CRASH_LOG     each counted call is appended here: NAME <tab> PATH <tab> DETAIL, where
//                       DETAIL is the bytes of a write, the size after a truncation, what a name
//                       becomes or a link points to, and whether an open truncates
//
// Only opens that may create or truncate are counted. stdio's own writes cannot be interposed; a
// replay of the log shows whether there were any. fsync is counted but not done: whoever comes
// after a process sees all that it wrote, and a test need not wait for the disk.
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <span>

namespace {

struct Orders {
  const char* folder = std::getenv("ANOLE_CRASH_FOLDER");
  long at = Number("ANOLE_CRASH_AT");
  int error = static_cast<int>(Number("ANOLE_CRASH_ERROR"));
  bool reads = Number("ANOLE_CRASH_READS") != 0;
  long thread = Number("ANOLE_CRASH_THREAD");
  int fsync_error = static_cast<int>(Number("ANOLE_CRASH_FSYNC"));
  bool torn = Number("ANOLE_CRASH_TORN") != 0;
  int log = -1;  // file descriptor

  Orders() {
    const char* path = std::getenv("ANOLE_CRASH_LOG");
    if (path == nullptr) return;
    log = static_cast<int>(
        syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  }
  static long Number(const char* name) {
    const char* text = std::getenv(name);
    return text == nullptr ? 0 : std::strtol(text, nullptr, 10);
  }
};

const Orders& TheOrders() {
  static const Orders kOrders;  // asked for by other libraries' constructors already
  return kOrders;
}

// On the stack: signal handlers write, and must not allocate.
using Path = std::array<char, 2UL * PATH_MAX>;

Path Link(const char* link) {
  Path path{};
  syscall(SYS_readlinkat, AT_FDCWD, link, path.data(), PATH_MAX);
  return path;
}

Path PathOf(int file) {
  std::array<char, 32> link{};
  std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", file);
  return Link(link.data());
}

// Takes names as they are: "." and ".." stay.
Path PathOf(int folder, const char* name) {
  Path path{};
  if (name[0] != '/') path = folder == AT_FDCWD ? Link("/proc/self/cwd") : PathOf(folder);
  const std::size_t size = std::strlen(path.data());
  std::snprintf(path.data() + size, path.size() - size, size == 0 ? "%s" : "/%s", name);
  return path;
}

bool IsCounted(const Path& path) {
  const char* folder = TheOrders().folder;
  if (folder == nullptr) return false;
  const std::size_t size = std::strlen(folder);
  return std::strncmp(path.data(), folder, size) == 0 && (path[size] == '\0' || path[size] == '/');
}

// Whether this is the call that is not to take effect. Where the process dies there, no other
// counted call takes effect from then on.
bool IsChosen(const char* name, const Path& path, const char* detail) {
  static std::mutex mutex;
  static long calls = 0;
  // First, so that what a signal handler writes elsewhere needs no lock.
  if (!IsCounted(path)) return false;
  mutex.lock();
  const Orders& orders = TheOrders();
  if (orders.log >= 0) {
    std::array<char, 4UL * PATH_MAX + 64> line{};
    const int size =
        std::snprintf(line.data(), line.size(), "%s\t%s\t%s\n", name, path.data(), detail);
    syscall(SYS_write, orders.log, line.data(), static_cast<std::size_t>(size));
  }
  const bool chosen = ++calls == orders.at;
  if (!chosen || orders.error != 0) mutex.unlock();
  return chosen;
}

[[noreturn]] void Die() {
  syscall(SYS_kill, getpid(), SIGKILL);
  while (true) pause();
}

// Each Count...: whether the call is to fail, with errno set.
bool Fails() {
  if (TheOrders().error == 0) Die();
  errno = TheOrders().error;
  return true;
}

bool Count(const char* name, const Path& path, const char* detail = "") {
  return IsChosen(name, path, detail) && Fails();
}

bool CountTruncation(const char* name, const Path& path, off_t size) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%ld", static_cast<long>(size));
  return Count(name, path, text.data());
}

bool CountOpen(const Path& path, int flags) {
  const bool reads = (flags & (O_CREAT | O_TRUNC)) == 0;
  if (reads) return TheOrders().reads && Count("look", path);
  return Count("open", path, (flags & O_TRUNC) != 0 ? "truncate" : "keep");
}

// `write_half` does what a torn write does.
template <class WriteHalf>
bool CountWrite(const char* name, int file, std::size_t bytes, const WriteHalf& write_half) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%zu", bytes);
  if (!IsChosen(name, PathOf(file), text.data())) return false;
  if (TheOrders().torn) write_half();
  return Fails();
}

int Open(int folder, const char* name, int flags, mode_t mode) {
  if (CountOpen(PathOf(folder, name), flags)) return -1;
  return static_cast<int>(syscall(SYS_openat, folder, name, flags, mode));
}

int Rename(const char* name, int from_folder, const char* from, int to_folder, const char* to,
           unsigned flags) {
  if (Count(name, PathOf(from_folder, from), PathOf(to_folder, to).data())) return -1;
  return static_cast<int>(syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}

// The mode of an open, which is given only where a file may be made.
#define MODE_AFTER(flags)                                               \
  mode_t mode = 0;                                                      \
  if (((flags) & O_CREAT) != 0 || ((flags) & O_TMPFILE) == O_TMPFILE) { \
    va_list arguments;                                                  \
    va_start(arguments, flags);                                         \
    mode = va_arg(arguments, mode_t);                                   \
    va_end(arguments);                                                  \
  }

FILE* OpenStream(const char* symbol, const char* name, const char* mode) {
  using Function = FILE* (*)(const char*, const char*);
  const int flags = mode[0] == 'r' ? 0 : O_CREAT | (mode[0] == 'w' ? O_TRUNC : 0);
  if (CountOpen(PathOf(AT_FDCWD, name), flags)) return nullptr;
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, symbol))(name, mode);
}

}  // namespace

// With the C library's names and exception specifications.
// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): its parameters are __fd, __n...
extern "C" {

ssize_t write(int file, const void* data, size_t bytes) {
  const auto half = [&] { syscall(SYS_write, file, data, bytes / 2); };
  if (CountWrite("write", file, bytes, half)) return -1;
  return syscall(SYS_write, file, data, bytes);
}

ssize_t pwrite(int file, const void* data, size_t bytes, off_t offset) {
  const auto half = [&] { syscall(SYS_pwrite64, file, data, bytes / 2, offset); };
  if (CountWrite("pwrite", file, bytes, half)) return -1;
  return syscall(SYS_pwrite64, file, data, bytes, offset);
}

ssize_t pwrite64(int file, const void* data, size_t bytes, off64_t offset) {
  return pwrite(file, data, bytes, offset);
}

ssize_t writev(int file, const iovec* parts, int count) {
  const std::span<const iovec> all(parts, static_cast<std::size_t>(count));
  std::size_t bytes = 0;
  for (const iovec& part : all) bytes += part.iov_len;
  const auto half = [&] {
    std::size_t left = bytes / 2;
    for (const iovec& part : all) {
      const std::size_t now = std::min(left, part.iov_len);
      syscall(SYS_write, file, part.iov_base, now);
      left -= now;
    }
  };
  if (CountWrite("writev", file, bytes, half)) return -1;
  return syscall(SYS_writev, file, parts, count);
}

int fsync(int file) {
  if (Count("fsync", PathOf(file))) return -1;
  errno = TheOrders().fsync_error;
  return errno == 0 ? 0 : -1;
}

int fdatasync(int file) { return Count("fdatasync", PathOf(file)) ? -1 : 0; }

int open(const char* name, int flags, ...) {
  MODE_AFTER(flags)
  return Open(AT_FDCWD, name, flags, mode);
}

int open64(const char* name, int flags, ...) {
  MODE_AFTER(flags)
  return Open(AT_FDCWD, name, flags, mode);
}

int openat(int folder, const char* name, int flags, ...) {
  MODE_AFTER(flags)
  return Open(folder, name, flags, mode);
}

int openat64(int folder, const char* name, int flags, ...) {
  MODE_AFTER(flags)
  return Open(folder, name, flags, mode);
}

FILE* fopen(const char* name, const char* mode) { return OpenStream("fopen", name, mode); }

FILE* fopen64(const char* name, const char* mode) { return OpenStream("fopen64", name, mode); }

int flock(int file, int operation) noexcept {
  if (TheOrders().reads && Count("lock", PathOf(file))) return -1;
  return static_cast<int>(syscall(SYS_flock, file, operation));
}

int rename(const char* from, const char* to) noexcept {
  return Rename("rename", AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
  return Rename("rename", from_folder, from, to_folder, to, 0);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to,
              unsigned flags) noexcept {
  return Rename("rename", from_folder, from, to_folder, to, flags);
}

int symlinkat(const char* target, int folder, const char* name) noexcept {
  if (Count("symlink", PathOf(folder, name), target)) return -1;
  return static_cast<int>(syscall(SYS_symlinkat, target, folder, name));
}

int symlink(const char* target, const char* name) noexcept {
  return symlinkat(target, AT_FDCWD, name);
}

int unlinkat(int folder, const char* name, int flags) noexcept {
  if (Count(flags == AT_REMOVEDIR ? "rmdir" : "unlink", PathOf(folder, name))) return -1;
  return static_cast<int>(syscall(SYS_unlinkat, folder, name, flags));
}

int unlink(const char* name) noexcept { return unlinkat(AT_FDCWD, name, 0); }

int rmdir(const char* name) noexcept { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }

int remove(const char* name) noexcept {
  struct stat facts{};
  const bool is_folder = lstat(name, &facts) == 0 && S_ISDIR(facts.st_mode);
  return unlinkat(AT_FDCWD, name, is_folder ? AT_REMOVEDIR : 0);
}

int mkdirat(int folder, const char* name, mode_t mode) noexcept {
  if (Count("mkdir", PathOf(folder, name))) return -1;
  return static_cast<int>(syscall(SYS_mkdirat, folder, name, mode));
}

int mkdir(const char* name, mode_t mode) noexcept { return mkdirat(AT_FDCWD, name, mode); }

int truncate(const char* name, off_t size) noexcept {
  if (CountTruncation("truncate", PathOf(AT_FDCWD, name), size)) return -1;
  return static_cast<int>(syscall(SYS_truncate, name, size));
}

int truncate64(const char* name, off64_t size) noexcept { return truncate(name, size); }

int ftruncate(int file, off_t size) noexcept {
  if (CountTruncation("truncate", PathOf(file), size)) return -1;
  return static_cast<int>(syscall(SYS_ftruncate, file, size));
}

int ftruncate64(int file, off64_t size) noexcept { return ftruncate(file, size); }

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*body)(void*),
                   void* argument) noexcept {
  static std::atomic<long> starts = 0;
  static const auto start =
      reinterpret_cast<decltype(&pthread_create)>(dlsym(RTLD_NEXT, "pthread_create"));
  const long number = ++starts, chosen = TheOrders().thread;
  if (number == chosen || (chosen < 0 && number >= -chosen)) return EAGAIN;
  return start(thread, attributes, body, argument);
}

}  // extern "C"
// NOLINTEND(readability-inconsistent-declaration-parameter-name)
