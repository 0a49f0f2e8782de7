#include "configs/writer.h"

#include <algorithm>
#include <stdexcept>

#include "configs/constraint.h"
#include "configs/toml_text.h"

namespace anole {
namespace {

std::string Comment(const OptionValue& value, const OptionInfo& info) {
  std::string text(info.help);
  std::ranges::replace(text, '\n', ' ');
  if (!info.unit.empty()) text += " [" + std::string(info.unit) + "]";
  const std::string range = RangeText(value, info);
  if (!range.empty()) text += " (" + range + ")";
  return "# " + text + "\n";
}

}  // namespace

void TomlWriter::Visit(std::string_view name, const OptionValue& value, const OptionInfo& info) {
  const bool is_copied = info.kept != nullptr && !kept_path_.empty();
  const std::string text = is_copied ? TomlText(kept_path_) : TomlText(value);
  const auto [written, is_new] = written_.emplace(name, text);
  if (!is_new) {
    // Two components that share an option must agree, or the stored config would lie about one.
    if (written->second == text) return;
    throw std::logic_error("option " + std::string(name) + " is described with two values, " +
                           written->second + " and " + text);
  }
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) {
    throw std::logic_error("option " + std::string(name) + " is not named section.option");
  }
  const std::string_view section_name = name.substr(0, dot);
  auto section = std::ranges::find(sections_, section_name, &Section::name);
  if (section == sections_.end()) {
    section = sections_.insert(section, {std::string(section_name), ""});
  }
  if (comments_ == Comments::kHelp) section->lines += Comment(value, info);
  section->lines += std::string(name.substr(dot + 1)) + " = " + text + "\n";
}

std::string TomlWriter::text() const {
  std::string text;
  for (const Section& section : sections_) {
    text += (text.empty() ? "[" : "\n[") + section.name + "]\n" + section.lines;
  }
  return text;
}

}  // namespace anole
