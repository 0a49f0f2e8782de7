#include "tools/run/files/scratch_folder.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace anole {

namespace fs = std::filesystem;

ScratchFolder::ScratchFolder() : ScratchFolder(fs::temp_directory_path() / "anole") {}

ScratchFolder::ScratchFolder(const fs::path& beside) {
  std::string name = beside.string() + ".XXXXXX";
  if (mkdtemp(name.data()) == nullptr) {
    throw fs::filesystem_error("cannot make", name, {errno, std::generic_category()});
  }
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace anole
