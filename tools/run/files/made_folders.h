// Folders that are made on the way to something, and taken back where that fails.
#pragma once

#include <filesystem>
#include <vector>

namespace anole {

// Takes back, when it ends, the folders that this very object has made, as long as they are empty:
// nothing that was there before, nor what others have put into them meanwhile.
class MadeFolders {
 public:
  MadeFolders() = default;
  ~MadeFolders();
  MadeFolders(const MadeFolders&) = delete;
  MadeFolders& operator=(const MadeFolders&) = delete;

  // Makes what is missing of `path`. Throws std::filesystem::filesystem_error.
  void Make(const std::filesystem::path& path);

  // Whether this object has made that folder.
  bool Has(const std::filesystem::path& path) const;

  // Outermost first.
  const std::vector<std::filesystem::path>& made() const { return made_; }

  // From now on, nothing is taken back.
  void Keep() { made_.clear(); }

 private:
  std::vector<std::filesystem::path> made_;  // absolute
};

}  // namespace anole
