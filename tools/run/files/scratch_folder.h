// A folder for what is made on the way, which goes with the object.
#pragma once

#include <filesystem>

namespace anole {

class ScratchFolder {
 public:
  // In the system's folder for such. Throws UserError where TMPDIR names none.
  ScratchFolder();
  // Of a name that begins as `beside`, which need not be there. Throws
  // std::filesystem::filesystem_error.
  explicit ScratchFolder(const std::filesystem::path& beside);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace anole
