#include "tools/run/files/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "configs/user_error.h"
#include "tools/run/process/interrupt.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void Fail(const char* what, const fs::path& path) {
  throw fs::filesystem_error(what, path, {errno, std::generic_category()});
}

[[noreturn]] void RefuseForeign(const fs::path& path) {
  std::error_code none;
  const fs::path target = fs::read_symlink(path, none);
  throw UserError(path.string() +
                  (target.empty() ? ": is no ordinary file" : ": is a link to " + target.string()) +
                  "; all that belongs to a run lies in its own folder, so move that away");
}

// Neither follows a link nor waits for the other end of a pipe.
int OpenOwn(const fs::path& path, int flags) {
  const int descriptor =
      open(path.c_str(), flags | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
  if (descriptor < 0 && (errno == ELOOP || errno == ENXIO)) RefuseForeign(path);
  if (descriptor < 0) Fail("cannot write", path);
  struct stat facts{};
  if (fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode)) return descriptor;
  close(descriptor);
  RefuseForeign(path);
}

void WriteAll(int descriptor, std::string_view text, const fs::path& path) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) Fail("cannot write", path);
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

// Some file systems, of networks and of containers, know no fsync, or none of a folder.
bool SyncDescriptor(int descriptor) {
  return fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP || errno == ENOSYS;
}

}  // namespace

void WriteWholeFile(const fs::path& path, const std::string& text) {
  if (path.has_parent_path()) fs::create_directories(path.parent_path());
  const fs::path temporary = path.string() + std::string(kUnfinishedSuffix);
  const InterruptGuard whole("");  // no part of it is left by a stop
  const int descriptor = OpenOwn(temporary, O_WRONLY | O_TRUNC);
  try {
    WriteAll(descriptor, text, path);
    if (!SyncDescriptor(descriptor)) Fail("cannot sync", path);
    fs::rename(temporary, path);
  } catch (const fs::filesystem_error&) {
    close(descriptor);
    unlink(temporary.c_str());
    throw;
  }
  close(descriptor);
  Sync(path.has_parent_path() ? path.parent_path() : ".");
}

void ReplaceLink(const fs::path& target, const fs::path& path) {
  const fs::path temporary = path.string() + std::string(kUnfinishedSuffix);
  fs::remove_all(temporary);
  // Copies that follow links, scp's for instance, have a folder here.
  if (fs::is_directory(fs::symlink_status(path))) fs::remove_all(path);
  std::error_code error;
  fs::create_symlink(target, temporary, error);
  if (error == std::errc::operation_not_permitted || error == std::errc::not_supported) return;
  if (error) throw fs::filesystem_error("cannot link", path, error);
  fs::rename(temporary, path);
  Sync(path.parent_path());
}

void Sync(const fs::path& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool ok = descriptor >= 0 && SyncDescriptor(descriptor);
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  if (!ok) throw fs::filesystem_error("cannot sync", path, {error, std::generic_category()});
}

void CheckOwn(const fs::path& path) {
  std::error_code unknown;  // why it may not be looked at is told by whoever opens it
  const fs::file_type type = fs::symlink_status(path, unknown).type();
  if (type == fs::file_type::regular || type == fs::file_type::directory ||
      type == fs::file_type::not_found || type == fs::file_type::none) {
    return;
  }
  RefuseForeign(path);
}

AppendFile::AppendFile(fs::path path)
    : path_(std::move(path)), descriptor_(OpenOwn(path_, O_WRONLY | O_APPEND)) {}

AppendFile::~AppendFile() { close(descriptor_); }

void AppendFile::Write(std::string_view text) { WriteAll(descriptor_, text, path_); }

void AppendFile::Cut(std::uintmax_t size) {
  if (ftruncate(descriptor_, static_cast<off_t>(size)) != 0) Fail("cannot cut", path_);
}

}  // namespace anole
