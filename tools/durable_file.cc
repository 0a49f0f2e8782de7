#include "tools/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace anole {

namespace fs = std::filesystem;

void WriteWholeFile(const fs::path& path, const std::string& text) {
  if (path.has_parent_path()) fs::create_directories(path.parent_path());
  const fs::path temporary = path.string() + std::string(kUnfinishedSuffix);
  errno = 0;
  std::ofstream file(temporary, std::ios::binary);
  file << text;
  file.close();
  if (!file) {
    throw fs::filesystem_error("cannot write", path, {errno, std::generic_category()});
  }
  Sync(temporary);
  fs::rename(temporary, path);
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
  const bool ok = descriptor >= 0 && fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  if (!ok) throw fs::filesystem_error("cannot sync", path, {error, std::generic_category()});
}

}  // namespace anole
