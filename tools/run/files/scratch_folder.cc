#include "tools/run/files/scratch_folder.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include "configs/user_error.h"

namespace anole {

namespace fs = std::filesystem;

namespace {

// std::filesystem::temp_directory_path() does not say which name leads nowhere.
fs::path SystemFolder() {
  const char* const name = std::getenv("TMPDIR");
  const bool is_named = name != nullptr && *name != '\0';
  const fs::path folder = is_named ? name : "/tmp";
  std::error_code ignored;
  if (fs::is_directory(folder, ignored)) return folder;
  throw UserError((is_named ? "TMPDIR=" : "") + folder.string() +
                  ": is no folder; what is made on the way needs one");
}

}  // namespace

ScratchFolder::ScratchFolder() : ScratchFolder(SystemFolder() / "anole") {}

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
