// What of Settings reads TOML: all of toml++ is here.
// In debug builds toml++ would abort on a user's mistake such as "[}", which it reports otherwise.
#define TOML_ASSERT(condition) static_assert(true)
#include <toml++/toml.h>

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "configs/excerpt.h"
#include "configs/letters.h"
#include "configs/settings.h"
#include "configs/toml_hints.h"
#include "configs/toml_text.h"
#include "configs/toml_value.h"
#include "configs/user_error.h"

namespace anole {
namespace {

constexpr std::size_t kDeepestName = 100;  // [tables]

std::optional<Number> ToNumber(const toml::node& node) {
  if (const auto* integer = node.as_integer()) return Number(integer->get());
  if (const auto* floating = node.as_floating_point()) return Number(floating->get());
  return std::nullopt;
}

std::optional<PlainValue> ToPlainValue(const toml::node& node) {
  if (const auto* boolean = node.as_boolean()) return PlainValue(boolean->get());
  if (const auto* string = node.as_string()) return PlainValue(LowerLetters(string->get()));
  if (const auto number = ToNumber(node)) return PlainValue(*number);
  const toml::array* array = node.as_array();
  if (array == nullptr) return std::nullopt;  // dates and inline tables
  std::vector<Number> numbers;
  for (const toml::node& element : *array) {
    const auto number = ToNumber(element);
    if (!number) return std::nullopt;
    numbers.push_back(*number);
  }
  return PlainValue(std::move(numbers));
}

SettingValue ToSettingValue(const PlainValue& value) {
  return std::visit([](const auto& alternative) { return SettingValue(alternative); }, value);
}

std::optional<SettingValue> ToValue(const toml::node& node) {
  const auto value = ToPlainValue(node);
  return value ? std::optional(ToSettingValue(*value)) : std::nullopt;
}

// Of a list of what options may be set to.
std::optional<SettingValue> ToListOfValues(const toml::node& node) {
  const toml::array* const array = node.as_array();
  if (array == nullptr) return std::nullopt;
  std::vector<PlainValue> values;
  for (const toml::node& element : *array) {
    const auto value = ToPlainValue(element);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return SettingValue(std::move(values));
}

std::string At(const std::string& file, const toml::source_position& place) {
  return file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

// toml++ keeps its tables sorted by key; this finds the order of the file again.
class Collector {
 public:
  Collector(const std::string& file, Depth depth) : file_(file), depth_(depth) {}

  void AddTable(const toml::table& table) {
    for (const auto& [key, value] : table) AddOption(LowerLetters(key.str()), key, value);
  }

  void AddSection(const toml::key& section, const toml::node& node) {
    const std::string name = LowerLetters(section.str());
    if (const toml::table* table = node.as_table()) {
      for (const auto& [key, value] : *table) {
        AddOption(name + "." + LowerLetters(key.str()), key, value);
      }
    } else if (node.is_array_of_tables()) {
      const std::string shown = Excerpt(name);
      Add(section, {}, "[[" + shown + "]]: write [" + shown + "]; sections do not repeat");
    } else {
      Add(section, {},
          "'" + Excerpt(name) + "' stands outside a section; write it below a [section]");
    }
  }

  std::vector<Setting> Take() {
    std::ranges::sort(found_, [](const Found& a, const Found& b) {
      return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
    });
    std::vector<Setting> settings;
    for (Found& found : found_) {
      if (!found.problem.empty()) throw UserError(At(file_, found.place) + ": " + found.problem);
      settings.push_back(std::move(found.setting));
      settings.back().folder = std::filesystem::path(file_).parent_path();
    }
    return settings;
  }

 private:
  struct Found {
    toml::source_position place;
    Setting setting;
    std::string problem;
  };

  void AddOption(const std::string& name, const toml::key& key, const toml::node& node) {
    std::optional<SettingValue> value = ToValue(node);
    if (!value && depth_ == Depth::kAny) value = ToListOfValues(node);
    if (const toml::table* table = node.as_table(); table != nullptr && depth_ == Depth::kAny) {
      if (table->empty()) Add(key, {name, true, At(file_, key.source().begin), std::nullopt}, "");
      for (const auto& [inner, element] : *table) {
        AddOption(name + "." + LowerLetters(inner.str()), inner, element);
      }
    } else if (value) {
      Add(key, {name, *value, At(file_, key.source().begin), std::nullopt}, "");
    } else if (node.is_table()) {
      Add(key, {}, "section [" + Excerpt(name) + "] is too deep; a name is section.option");
    } else {
      Add(key, {},
          Excerpt(name) +
              ": a value is true or false, a number, a text in quotes or a list of numbers");
    }
  }

  void Add(const toml::key& key, Setting setting, std::string problem) {
    found_.push_back({key.source().begin, std::move(setting), std::move(problem)});
  }

  const std::string& file_;
  Depth depth_;
  std::vector<Found> found_;
};

// Where a place is in the text: the bytes before it. Columns count letters.
std::size_t OffsetOf(const toml::source_position& place, std::string_view text) {
  std::size_t offset = 0;
  for (toml::source_index line = 1; line < place.line; ++line) offset = text.find('\n', offset) + 1;
  for (toml::source_index column = 1; column < place.column; ++column) {
    do ++offset;
    while (offset < text.size() && (static_cast<unsigned char>(text[offset]) >> 6) == 2);
  }
  return offset;
}

void CheckNesting(std::string_view text, const std::string& name_in_messages) {
  if (DeepestName(text) > kDeepestName) {
    throw UserError(name_in_messages + ": a name is nested deeper than " +
                    std::to_string(kDeepestName) + " tables");
  }
}

toml::table Parse(std::string_view text, const std::string& name_in_messages) {
  CheckNesting(text, name_in_messages);
  try {
    return toml::parse(RaiseLetters(text));
  } catch (const toml::parse_error& error) {
    throw UserError(At(name_in_messages, error.source().begin) + ": " +
                    Excerpt(LowerLetters(error.description())) +
                    TomlHint(text, error.source().begin.line));
  }
}

}  // namespace

std::optional<SettingValue> ParseTomlValue(const std::string& text) {
  if (DeepestName(text) > kDeepestName) return std::nullopt;
  try {
    const toml::table table = toml::parse("value = " + RaiseLetters(text));
    // More than one key: the text holds a line break and goes on as TOML by chance.
    return table.size() == 1 ? ToValue(*table.get("value")) : std::nullopt;
  } catch (const toml::parse_error&) {
    return std::nullopt;
  }
}

std::vector<std::string> Settings::SectionNames(const std::filesystem::path& path) try {
  std::vector<std::string> names;
  for (const auto& [key, node] : Parse(TextOfFile(path), path.string())) {
    names.push_back(LowerLetters(key.str()));
  }
  return names;
} catch (const UserError&) {
  return {};
}

std::string Settings::WithValue(const std::string& text, const std::string& name_in_messages,
                                const SectionPlace& section, std::string_view key,
                                const std::string& value) {
  const auto find = [&](const toml::table& root) {
    const toml::node_view<const toml::node> node = root[section.name];
    return node.is_array() ? node[section.number][key] : node[key];
  };
  const toml::table root = Parse(text, name_in_messages);
  const toml::node* const old = find(root).node();
  if (old == nullptr) throw std::logic_error("there is no " + std::string(key) + " to replace");
  const std::size_t begin = OffsetOf(old->source().begin, text);
  const std::size_t end = OffsetOf(old->source().end, text);
  std::string changed = text.substr(0, begin) + TomlText(value) + text.substr(end);
  const toml::table check = Parse(changed, name_in_messages);
  if (find(check).value<std::string>() != RaiseLetters(value)) {
    throw std::logic_error("the value of " + std::string(key) + " was not found in its text");
  }
  return changed;
}

Settings Settings::FromText(std::string_view toml, const std::string& name_in_messages,
                            Depth depth) {
  Collector collector(name_in_messages, depth);
  const toml::table root = Parse(toml, name_in_messages);
  for (const auto& [key, node] : root) collector.AddSection(key, node);
  Settings settings;
  settings.settings_ = collector.Take();
  return settings;
}

std::vector<FileSection> Settings::SectionsOfFile(const std::filesystem::path& path) {
  const std::string file = path.string();
  const toml::table root = Parse(TextOfFile(path), file);
  struct Found {
    toml::source_position place;
    std::string name;
    const toml::table* table;
  };
  std::vector<Found> found;
  for (const auto& [key, node] : root) {
    const std::string name = LowerLetters(key.str());
    if (node.is_array_of_tables()) {
      for (const toml::node& element : *node.as_array()) {
        found.push_back({element.source().begin, name, element.as_table()});
      }
    } else {
      found.push_back({key.source().begin, name, node.as_table()});
    }
  }
  std::ranges::sort(found, {}, [](const Found& section) {
    return std::pair(section.place.line, section.place.column);
  });
  std::vector<FileSection> sections;
  for (const auto& [place, name, table] : found) {
    if (table == nullptr) {
      throw UserError(At(file, place) + ": '" + Excerpt(name) +
                      "' stands outside a section; write it below a [section]");
    }
    Collector collector(file, Depth::kSections);
    collector.AddTable(*table);
    sections.push_back({name, At(file, place), {}});
    sections.back().settings.settings_ = collector.Take();
  }
  return sections;
}

}  // namespace anole
