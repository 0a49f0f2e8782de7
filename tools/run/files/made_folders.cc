#include "tools/run/files/made_folders.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>

namespace anole {

namespace fs = std::filesystem;

namespace {

constexpr int kAttempts = 10;  // others may take back what we have just seen

fs::path Whole(const fs::path& path) {
  const fs::path whole = fs::absolute(path);
  return whole.has_filename() ? whole : whole.parent_path();  // without a slash at its end
}

}  // namespace

MadeFolders::~MadeFolders() {
  while (!made_.empty()) {
    rmdir(made_.back().c_str());  // fails where it is not empty
    made_.pop_back();
  }
}

void MadeFolders::Make(const fs::path& path) {
  const fs::path whole = Whole(path);
  int error = 0;
  fs::path failed;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    error = 0;
    fs::path folder;
    for (const fs::path& name : whole) {
      folder /= name;
      if (error != 0 || fs::is_directory(folder)) continue;
      if (mkdir(folder.c_str(), 0777) == 0) {
        made_.push_back(folder);
      } else if (errno != EEXIST || !fs::is_directory(folder)) {
        error = errno;
        failed = folder;
      }
    }
    if (error != ENOENT) break;
  }
  if (error != 0)
    throw fs::filesystem_error("cannot make", failed, {error, std::generic_category()});
}

bool MadeFolders::Has(const fs::path& path) const {
  return std::ranges::find(made_, Whole(path)) != made_.end();
}

}  // namespace anole
