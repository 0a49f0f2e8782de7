#include "tools/run/output_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "configs/user_error.h"
#include "tools/run/run_directory.h"

namespace anole {

namespace fs = std::filesystem;

void CheckNoDanglingLink(const fs::path& path, const std::string& what) {
  fs::path part;
  for (const fs::path& name : fs::absolute(path)) {
    part /= name;
    std::error_code error;
    if (!fs::is_symlink(part, error)) continue;
    if (fs::status(part, error).type() != fs::file_type::not_found) continue;
    throw UserError(what + ": " + part.string() + " is a link to " +
                    fs::read_symlink(part, error).string() + ", which does not exist");
  }
}

void CheckWritable(const fs::path& file, const std::string& what) {
  CheckNoDanglingLink(file, what);
  // What has to be made first: the file, or the outermost folder that is missing.
  fs::path first = fs::absolute(file);
  while (!fs::exists(first.parent_path())) first = first.parent_path();
  const fs::file_type type = fs::status(first).type();
  const bool is_new = type == fs::file_type::not_found;
  bool ok = false;
  if (is_new || type == fs::file_type::regular) {
    // To ask for the permissions would not do: they say little to root, or on a read-only disk.
    const int made = is_new ? O_CREAT | O_EXCL : 0;
    const int descriptor = open(first.c_str(), O_WRONLY | made | O_CLOEXEC, 0666);
    ok = descriptor >= 0;
    if (ok) close(descriptor);
  } else {
    ok = access(first.c_str(), W_OK) == 0;  // to open a pipe would wait for its other end
  }
  if (!ok) throw UserError(what + ": cannot be written: " + std::strerror(errno));
  if (is_new) unlink(first.c_str());
}

namespace {

void CheckEnding(const fs::path& out, const std::vector<std::string>& endings,
                 const std::string& flag) {
  if (!fs::is_regular_file(out) || !out.has_extension()) return;
  std::string known;
  for (const std::string& ending : endings) {
    if (out.extension() == ending) return;
    known += (known.empty() ? "" : " or ") + ending;
  }
  throw UserError(flag + ": exists, and is of another kind than what would replace it, a file in " +
                  known);
}

}  // namespace

void CheckOut(const fs::path& out, const std::vector<std::string>& endings) {
  const std::string flag = "--out=" + out.string();
  if (out.empty()) throw UserError(flag + ": must name a file");
  CheckNoDanglingLink(out, flag);
  if (fs::is_directory(out)) throw UserError(flag + ": is a folder, not a file");
  const fs::path folder = fs::absolute(out).parent_path();
  if (!fs::is_directory(folder)) {
    throw UserError(flag + ": there is no folder " + folder.string());
  }
  CheckEnding(out, endings, flag);
  if (const auto run = RunDirectory::Owner(out)) {
    throw UserError(flag + ": is a file of the run " + run->string() +
                    "; choose another place, or its folder " + kEvaluationsFolder);
  }
  CheckWritable(out, flag);
}

}  // namespace anole
