#include "tests/fuzz/harness.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "configs/user_error.h"
#include "tools/run/files/scratch_folder.h"

namespace anole::fuzz {

namespace fs = std::filesystem;

std::map<std::string, Harness>& Harnesses() {
  static std::map<std::string, Harness> harnesses;
  return harnesses;
}

void Require(bool holds, const std::string& sentence) {
  if (holds) return;
  std::fprintf(stderr, "anole fuzz: %s\n", sentence.c_str());
  std::abort();
}

bool Accept(const std::function<void()>& read) try {
  read();
  return true;
} catch (const UserError& error) {
  Require(*error.what() != '\0', "a refusal says nothing");
  return false;
}

const fs::path& Folder() {
  static const ScratchFolder kFolder;
  return kFolder.path();
}

fs::path Write(const std::string& name, std::string_view text) {
  const fs::path file = Folder() / name;
  fs::create_directories(file.parent_path());
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  stream.close();
  Require(!stream.fail(), "cannot write " + file.string());
  return file;
}

std::string TextOf(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  Require(stream.is_open(), "cannot read " + file.string());
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::map<std::string, std::string> FilesOf(std::string_view input) {
  constexpr std::string_view kMark = "@@ ";
  std::map<std::string, std::string> files;
  std::string* file = &files[""];
  while (!input.empty()) {
    const std::size_t end = std::min(input.find('\n'), input.size() - 1) + 1;
    const std::string_view line = input.substr(0, end);
    if (line.starts_with(kMark)) {
      std::string_view name = line.substr(kMark.size());
      if (name.ends_with('\n')) name.remove_suffix(1);
      file = &files[std::string(name)];
      file->clear();
    } else {
      *file += line;
    }
    input.remove_prefix(end);
  }
  return files;
}

}  // namespace anole::fuzz
