#include "envs/robot/robot_files.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>
#include <variant>

#include "configs/settings.h"
#include "configs/toml_text.h"
#include "configs/user_error.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

constexpr const char* kModelFolder = "model";
constexpr const char* kMotionFolder = "motions";

// The innermost folder that holds all of them.
fs::path CommonFolder(const std::vector<fs::path>& files) {
  fs::path common = files.front().parent_path();
  for (const fs::path& file : files) {
    fs::path shared;
    for (auto a = common.begin(), b = file.begin();
         a != common.end() && b != file.end() && *a == *b; ++a, ++b) {
      shared /= *a;
    }
    common = shared;
  }
  return common;
}

std::string Contents(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Whether `path` is one of the files, or a folder above one.
bool Holds(const fs::path& path, const std::vector<fs::path>& files) {
  return std::ranges::any_of(files, [&](const fs::path& file) {
    const fs::path inner = file.lexically_relative(path);
    return !inner.empty() && *inner.begin() != "..";
  });
}

struct Quoted {
  std::string text;
  std::ptrdiff_t line;  // from 1 on
};

// The values of attributes that may be paths, in the text of an MJCF file.
std::vector<Quoted> PathsIn(const fs::path& file) {
  const std::string text = Contents(file);
  std::vector<Quoted> found;
  std::ptrdiff_t line = 1;
  std::size_t counted = 0;  // up to where the lines are
  for (std::size_t begin = 0; (begin = text.find_first_of("\"'", begin)) != std::string::npos;) {
    const std::size_t end = text.find(text[begin], begin + 1);
    if (end == std::string::npos) break;
    std::string value = text.substr(begin + 1, end - begin - 1);
    if (value.find('/') != std::string::npos && value.find('<') == std::string::npos) {
      line += std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                         text.begin() + static_cast<std::ptrdiff_t>(begin), '\n');
      counted = begin;
      found.push_back({std::move(value), line});
    }
    begin = end + 1;
  }
  return found;
}

// How many folders below its beginning a path ends, and the least that it comes to on its way: 1
// and -1 for "../a/b.stl", whose last part is a folder like any other here.
struct Depth {
  int end = 0, least = 0;
};

Depth DepthOf(const fs::path& path) {
  Depth depth;
  for (const fs::path& part : path) {
    if (part == "..") {
      depth.least = std::min(depth.least, --depth.end);
    } else if (part != ".") {
      ++depth.end;
    }
  }
  return depth;
}

// Where the copy begins: a folder that holds all files, and that no path in them leads out of, as
// "../meshes/a.stl" does in a file of meshes/. Any of the paths may be the folder of any other.
fs::path Root(const fs::path& model, const std::vector<fs::path>& model_files,
              const std::vector<Quoted>& paths) {
  int least = 0, least_end = 0, least_of_relative = 0;
  for (const Quoted& path : paths) {
    const Depth depth = DepthOf(path.text);
    least = std::min(least, depth.least);
    least_end = std::min(least_end, depth.end);
    if (!path.text.starts_with('/')) least_of_relative = std::min(least_of_relative, depth.least);
  }
  fs::path above = model.parent_path();
  for (int up = -std::min(least, least_end + least_of_relative);
       up > 0 && above.has_relative_path(); --up) {
    above = above.parent_path();
  }
  std::vector<fs::path> all = model_files;
  all.push_back(above / "any");
  return CommonFolder(all);
}

bool IsXml(const fs::path& file) {
  std::string extension = file.extension().string();
  std::ranges::transform(extension, extension.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension == ".xml" || extension == ".mjcf" || extension == ".urdf";
}

std::string TextOf(const SettingValue& value) {
  if (const auto* number = std::get_if<Number>(&value)) {
    return std::visit([](auto n) { return TomlText(static_cast<double>(n)); }, *number);
  }
  if (const auto* boolean = std::get_if<bool>(&value)) return TomlText(*boolean);
  if (const auto* text = std::get_if<std::string>(&value)) return TomlText(*text);
  std::string list;
  for (const Number& number : std::get<std::vector<Number>>(value)) {
    list += TextOf(SettingValue(number)) + ",";
  }
  return "[" + list + "]";
}

}  // namespace

KeptFiles FilesOfRobot(const fs::path& task_file, const fs::path& model,
                       const std::vector<fs::path>& model_files,
                       const std::vector<fs::path>& motions) {
  std::vector<Quoted> paths;
  for (const fs::path& file : model_files) {
    if (!IsXml(file) && file != model) continue;
    for (Quoted& path : PathsIn(file)) {
      if (path.text.starts_with('/') &&
          Holds(fs::path(path.text).lexically_normal(), model_files)) {
        throw UserError(
            file.string() + ":" + std::to_string(path.line) + ": names \"" + path.text +
            "\" by its absolute path, but a run keeps a copy of its model, which has to "
            "find its files by itself; write the path from the model's folder");
      }
      paths.push_back(std::move(path));
    }
  }
  KeptFiles kept;
  const fs::path folder = Root(model, model_files, paths);
  const auto place = [&](const fs::path& file) {
    return (kModelFolder / file.lexically_relative(folder)).generic_string();
  };
  kept.entry = task_file.filename().string();
  if (task_file.extension() != ".toml") kept.entry += ".toml";  // so it is no other's name
  const std::string name = task_file.string();
  std::string text = Settings::WithValue(Settings::TextOfFile(task_file), name, {"robot", 0},
                                         "model", place(model));
  std::vector<KeptFiles::File> files;
  for (const fs::path& file : model_files) files.push_back({place(file), file.string()});
  for (std::size_t i = 0; i < motions.size(); ++i) {
    const fs::path there = fs::path(kMotionFolder) / std::to_string(i) / motions[i].filename();
    text = Settings::WithValue(text, name, {"motion", i}, "file", there.generic_string());
    files.push_back({there.generic_string(), motions[i].string()});
  }
  kept.files.push_back({kept.entry, fs::absolute(task_file).lexically_normal().string(), text});
  std::ranges::move(files, std::back_inserter(kept.files));
  return kept;
}

std::string MeaningOfTaskFile(const fs::path& task_file) {
  std::string meaning;
  for (const FileSection& section : Settings::SectionsOfFile(task_file)) {
    std::vector<std::string> lines;
    for (const Setting& setting : section.settings.all()) {
      if (section.name == "robot" && setting.name == "model") continue;
      if (section.name == "motion" && setting.name == "file") continue;
      lines.push_back(setting.name + "=" + TextOf(setting.value) + "\n");
    }
    std::ranges::sort(lines);
    meaning += "[" + section.name + "]\n";
    for (const std::string& line : lines) meaning += line;
  }
  return meaning;
}

}  // namespace anole
