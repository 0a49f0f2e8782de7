#include "tools/output_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "configs/user_error.h"

namespace anole {

namespace fs = std::filesystem;

void CheckWritable(const fs::path& file, const std::string& what) {
  // What has to be made first: the file, or the outermost folder that is missing.
  fs::path first = fs::absolute(file);
  while (!fs::exists(first.parent_path())) first = first.parent_path();
  const bool is_new = !fs::exists(first);
  // To ask for the permissions would not do: they say little to root, or on a read-only disk.
  const int descriptor = open(first.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0) throw UserError(what + ": cannot be written: " + std::strerror(errno));
  close(descriptor);
  if (is_new) fs::remove(first);
}

void CheckOut(const fs::path& out) {
  const std::string flag = "--out=" + out.string();
  if (out.empty()) throw UserError(flag + ": must name a file");
  if (fs::is_directory(out)) throw UserError(flag + ": is a folder, not a file");
  const fs::path folder = fs::absolute(out).parent_path();
  if (!fs::is_directory(folder)) {
    throw UserError(flag + ": there is no folder " + folder.string());
  }
  CheckWritable(out, flag);
}

}  // namespace anole
