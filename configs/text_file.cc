#include "configs/text_file.h"

#include <fstream>
#include <system_error>

#include "configs/user_error.h"

namespace anole {

namespace fs = std::filesystem;

std::string ReadTextFile(const fs::path& path, std::uintmax_t max_bytes, const std::string& what) {
  const auto wrong = [&](const std::string& problem) {
    return UserError(path.string() + ": " + problem);
  };
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) throw wrong("no such file");
  if (fs::is_directory(status)) throw wrong("is a directory, not " + what);
  if (error) throw wrong("cannot be read: " + error.message());
  if (!fs::is_regular_file(status)) throw wrong("is no regular file, so it is not read");
  const std::uintmax_t size = fs::file_size(path, error);
  if (error) throw wrong("cannot be read: " + error.message());
  const auto check = [&](std::uintmax_t bytes) {
    if (bytes > max_bytes) {
      throw wrong("is longer than " + std::to_string(max_bytes / 1'000'000) +
                  " MB, which is the most for " + what);
    }
  };
  check(size);
  std::ifstream file(path, std::ios::binary);
  std::string text;
  text.reserve(size);
  // Unlike rdbuf(), reports an error of the disk. The file may grow meanwhile.
  for (char c = 0; file.get(c);) {
    text += c;
    check(text.size());
  }
  if (!file.is_open() || file.bad()) throw wrong("cannot be read");
  return text;
}

}  // namespace anole
