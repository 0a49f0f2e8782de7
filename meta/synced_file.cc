#include "meta/synced_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace anole {

SyncedFile::SyncedFile(const std::filesystem::path& path)
    : path_(path), file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
  if (file_ < 0) Fail("cannot open for writing");
}

SyncedFile::~SyncedFile() {
  if (file_ >= 0) ::close(file_);
}

void SyncedFile::Write(std::span<const std::byte> data) {
  while (!data.empty()) {
    const ssize_t written = ::write(file_, data.data(), data.size());
    if (written < 0 && errno != EINTR) Fail("cannot write");
    if (written > 0) data = data.subspan(static_cast<std::size_t>(written));
  }
}

void SyncedFile::Finish() {
  // Some file systems know no fsync.
  const bool synced = ::fsync(file_) == 0 || errno == EINVAL || errno == ENOTSUP;
  if (!synced) Fail("cannot sync");
  if (::close(std::exchange(file_, -1)) != 0) Fail("cannot close");
}

void SyncedFile::Fail(const char* what) const {
  throw std::filesystem::filesystem_error(what, path_,
                                          std::error_code(errno, std::generic_category()));
}

}  // namespace anole
