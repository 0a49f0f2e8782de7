// A result that takes the place of what was there once it is whole: a full disk, a failure or a
// stop leaves the old file as it was, and no part of a new one.
#pragma once

#include <filesystem>
#include <string>

#include "tools/run/process/interrupt.h"

namespace anole {

// Written under a name of its own beside the target, and renamed. What is no ordinary file (a pipe,
// /dev/stdout), or lies in a folder that takes no new files, gets the bytes when they are whole. A
// signal waits until this is over.
class NewFile {
 public:
  // Throws std::filesystem::filesystem_error where the file could not be made. A link is followed.
  explicit NewFile(const std::filesystem::path& target);
  ~NewFile();  // without Commit, leaves no trace
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  // Where to write: an empty file, to be opened by this path.
  const std::filesystem::path& path() const { return path_; }

  // Throws std::filesystem::filesystem_error, and leaves the target as it was unless that is no
  // ordinary file.
  void Commit();

 private:
  bool MakeBeside();
  void CopyToTarget() const;

  InterruptGuard interrupts_{""};
  std::filesystem::path target_, path_;
  int memory_ = -1;  // descriptor of the bytes that go to what is no ordinary file
  bool committed_ = false;
};

// Writes a whole file of this text.
void WriteNewFile(const std::filesystem::path& target, const std::string& text);

// Whether the path is that of what this process prints its results to.
bool IsStandardOutput(const std::filesystem::path& path);

}  // namespace anole
