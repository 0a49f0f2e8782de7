// A file that is on the disk once it is written.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace anole {

// Open for writing; what was there is gone. Whoever does not Finish leaves it as far as it came.
// Throws std::filesystem::filesystem_error where the system refuses.
class SyncedFile {
 public:
  explicit SyncedFile(const std::filesystem::path& path);
  SyncedFile(const SyncedFile&) = delete;
  SyncedFile& operator=(const SyncedFile&) = delete;
  ~SyncedFile();

  void Write(std::span<const std::byte> data);
  void Finish();  // the folder's entry is the caller's to sync

 private:
  [[noreturn]] void Fail(const char* what) const;

  std::filesystem::path path_;
  int file_;
};

}  // namespace anole
