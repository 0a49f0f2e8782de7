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
    const bool is_link = fs::is_symlink(part, error);
    if (error == std::errc::filename_too_long) throw UserError(what + ": " + error.message());
    if (!is_link) continue;
    if (fs::status(part, error).type() != fs::file_type::not_found) continue;
    throw UserError(what + ": " + part.string() + " is a link to " +
                    fs::read_symlink(part, error).string() + ", which does not exist");
  }
}

namespace {

// Whether the name could be made. Whoever is killed in between leaves nothing behind: a file
// without a name goes with its process.
bool CanMake(const fs::path& name) {
  int file = open(name.parent_path().c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
  const bool has_no_such_files =
      file < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL);
  if (has_no_such_files) {
    file = open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0) unlink(name.c_str());
  }
  if (file >= 0) close(file);
  return file >= 0;
}

// To ask for the permissions would not do: they say little to root, or on a read-only disk.
bool CanWrite(const fs::path& file) {
  const int descriptor = open(file.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor >= 0) close(descriptor);
  return descriptor >= 0;
}

}  // namespace

void CheckWritable(const fs::path& file, const std::string& what) {
  CheckNoDanglingLink(file, what);
  // What has to be made first: the file, or the outermost folder that is missing.
  fs::path first = fs::absolute(file);
  while (!fs::exists(first.parent_path())) first = first.parent_path();
  const fs::file_type type = fs::status(first).type();
  const bool ok = type == fs::file_type::not_found ? CanMake(first)
                  : type == fs::file_type::regular
                      ? CanWrite(first)
                      : access(first.c_str(), W_OK) == 0;  // to open a pipe would wait for a reader
  if (!ok) throw UserError(what + ": cannot be written: " + std::strerror(errno));
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
