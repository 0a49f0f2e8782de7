#include "envs/images/picture_files.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <span>
#include <vector>

#include "configs/fingerprint.h"
#include "configs/user_error.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPicturesFolder = "pictures";

void Add(const std::string& bytes, Fingerprint& fingerprint) {
  fingerprint.Add(std::as_bytes(std::span(bytes)));
}

PictureFiles Read(const fs::path& folder) try {
  if (!fs::is_directory(folder)) throw UserError(folder.string() + ": no such folder");
  std::vector<fs::path> paths;
  for (auto entry = fs::recursive_directory_iterator(
           folder, fs::directory_options::follow_directory_symlink);
       entry != fs::recursive_directory_iterator(); ++entry) {
    // Folders count as well, because their numbers say what is trained on and what is tested.
    const bool is_folder = entry->is_directory();
    if (is_folder && entry.depth() == 2) entry.disable_recursion_pending();
    const bool is_picture = !is_folder && entry.depth() == 2 && entry->path().extension() == ".png";
    if (is_picture || (is_folder && entry.depth() < 2)) paths.push_back(entry->path());
  }
  std::ranges::sort(paths);
  PictureFiles pictures;
  pictures.files.entry = kPicturesFolder;
  pictures.files.files.push_back({kPicturesFolder, folder.string()});
  Fingerprint fingerprint;
  for (const fs::path& path : paths) {
    const std::string place = path.lexically_relative(folder).generic_string();
    pictures.files.files.push_back({std::string(kPicturesFolder) + "/" + place, path.string()});
    Add(place + "\n", fingerprint);
    if (fs::is_directory(path)) continue;
    std::ifstream stream(path, std::ios::binary);
    if (!stream) throw UserError(path.string() + ": cannot be read");
    Add(std::string(std::istreambuf_iterator<char>(stream), {}), fingerprint);
  }
  pictures.checksum = fingerprint.text();
  return pictures;
} catch (const fs::filesystem_error& error) {
  throw UserError(error.path1().string() + ": " + error.code().message());
}

}  // namespace

std::shared_ptr<const PictureFiles> FilesOfPictures(const fs::path& folder) {
  static std::mutex mutex;
  static std::map<fs::path, std::shared_ptr<const PictureFiles>> known;
  const std::scoped_lock lock(mutex);
  std::shared_ptr<const PictureFiles>& files = known[folder];
  if (files == nullptr) files = std::make_shared<const PictureFiles>(Read(folder));
  return files;
}

}  // namespace anole
