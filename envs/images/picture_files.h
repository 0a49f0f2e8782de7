// What a run keeps of a folder of pictures.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "configs/option.h"

namespace anole {

struct PictureFiles {
  KeptFiles files;       // FOLDER/alphabet/character/*.png, as pictures/alphabet/character/*.png
  std::string checksum;  // of their names and bytes
};

// Reads them once in the life of the process. Throws UserError where there is no such folder, or
// one of them cannot be read.
std::shared_ptr<const PictureFiles> FilesOfPictures(const std::filesystem::path& folder);

}  // namespace anole
