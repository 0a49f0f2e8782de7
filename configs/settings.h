// What the user wrote, in a TOML file and on the command line, before any option gives it meaning:
// a list of named values, each of which knows where it was written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace anole {

using Number = std::variant<std::int64_t, double>;
// What an option may be set to, and a list of such values, which only files of Depth::kAny have:
// what an option is tried with. There a list of numbers may be either.
using PlainValue = std::variant<bool, Number, std::string, std::vector<Number>>;
using SettingValue =
    std::variant<bool, Number, std::string, std::vector<Number>, std::vector<PlainValue>>;

struct Setting {
  std::string name;  // "section.option"
  SettingValue value;
  std::string origin;                // "run.toml:3:1" or "--inner.step_size=-1"
  std::optional<std::string> typed;  // the text on the command line; absent for a value of a file
  // Whether it is passed over, and no error, where its option does not apply: so a file may have
  // `sparse_radius = 0.1` although --task.reward=dense is given, which has no such option.
  bool optional = false;
  std::filesystem::path folder;  // of the file; empty on the command line

  // The beginning of a message about the value: "run.toml:3:1: inner.step_size = -1", or the flag.
  std::string Where() const;
};

// As in TOML.
std::string ValueText(const SettingValue& value);

// How deep the names of a file are: options in sections, or anything, "method.joint.task.mixture"
// (there an empty table counts as the value true, and lists may hold words and lists of numbers).
enum class Depth { kSections, kAny };

// One table of a file whose sections may repeat, [[reward]]; its settings have no section in their
// names.
struct FileSection;

class Settings {
 public:
  Settings() = default;
  static Settings FromFile(const std::filesystem::path& path, Depth depth = Depth::kSections);
  static Settings FromText(std::string_view toml, const std::string& name_in_messages,
                           Depth depth = Depth::kSections);

  // The text of a file that is to be TOML, of 1 MB at most.
  static std::string TextOfFile(const std::filesystem::path& path);

  // One of the sections of a name: the only [robot], the first or second [[motion]].
  struct SectionPlace {
    std::string_view name;
    std::size_t number = 0;  // in the file's order
  };
  // The text with `value` in the place of the text that section.key has there; all else stays as it
  // is. The text is TOML, and has that value.
  static std::string WithValue(const std::string& text, const std::string& name_in_messages,
                               const SectionPlace& section, std::string_view key,
                               const std::string& value);

  // What its sections are called, each once; none where it is no TOML.
  static std::vector<std::string> SectionNames(const std::filesystem::path& path);

  // The tables of a file, [robot] and each [[reward]], in its order.
  static std::vector<FileSection> SectionsOfFile(const std::filesystem::path& path);

  // `--name=text` of the command line: replaces what was set before. The text is a TOML value, or
  // "-2,2" for [-2, 2], or ".5" for 0.5, or else a word without quotes.
  void Set(std::string_view name, std::string_view text);
  void Set(Setting setting);

  // What is set up to now may be passed over where it does not apply any more.
  void MakeOptional();

  const Setting* Find(std::string_view name) const;

  // In the order of the file, then of the command line.
  const std::vector<Setting>& all() const { return settings_; }

 private:
  std::vector<Setting> settings_;
};

struct FileSection {
  std::string name;
  std::string origin;  // "robot.toml:12:1"
  Settings settings;
};

}  // namespace anole
