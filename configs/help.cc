#include "configs/help.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

#include "configs/text_lines.h"

namespace anole {
namespace {

constexpr std::size_t kMaxLeftWidth = 34;  // of the column of names, with its margins

// One entry of the table: "  --run-dir DIR     where the run is stored".
struct Entry {
  std::string left, right;
};

std::string Argument(const std::string& type) {
  static const std::map<std::string, std::string> kArguments = {
      {"true or false", "true|false"},
      {"integer", "INTEGER"},
      {"number", "NUMBER"},
      {"word", "WORD"},
      {"text", "TEXT"},
      {"list of integers", "INTEGER,..."},
      {"list of numbers", "NUMBER,..."},
  };
  const auto found = kArguments.find(type);
  return found == kArguments.end() ? "VALUE" : found->second;
}

std::string Details(const OptionDescription& option) {
  std::string details = option.range;
  const auto add = [&details](const std::string& text) {
    details += (details.empty() ? "" : "; ") + text;
  };
  const std::string& value = option.default_value;
  const bool has_default = !value.empty() && value != "\"\"" && value != "[]";
  if (has_default) add("default " + value);
  if (!option.condition.empty()) add("where " + option.condition);
  if (!option.owner.empty()) add("of " + option.owner);
  std::string text = option.help;
  if (!option.unit.empty()) text += " [" + option.unit + "]";
  if (!details.empty()) text += " (" + details + ")";
  return text;
}

// Components often share an option; it is listed once, with all its owners, where it is the same.
std::vector<OptionDescription> MergeOwners(const std::vector<OptionDescription>& options) {
  std::vector<OptionDescription> merged;
  for (const OptionDescription& option : options) {
    const auto same = std::ranges::find_if(merged, [&option](const auto& other) {
      return other.name == option.name && other.help == option.help &&
             other.default_value == option.default_value && other.range == option.range;
    });
    if (same == merged.end()) {
      merged.push_back(option);
    } else if (!same->owner.empty()) {
      same->owner = option.owner.empty() ? "" : same->owner + ", " + option.owner;
    }
  }
  return merged;
}

struct Section {
  std::string title;
  std::vector<Entry> entries;
};

std::vector<Section> Sections(const std::vector<Flag>& flags,
                              const std::vector<OptionDescription>& options) {
  std::vector<Section> sections;
  const auto add = [&sections](const std::string& title, Entry entry) {
    auto section = std::ranges::find(sections, title, &Section::title);
    if (section == sections.end()) section = sections.insert(section, {title, {}});
    section->entries.push_back(std::move(entry));
  };
  for (const Flag& flag : flags) {
    add("Flags:",
        {"--" + flag.name + (flag.argument.empty() ? "" : " " + flag.argument), flag.help});
  }
  for (const OptionDescription& option : MergeOwners(options)) {
    add("[" + option.name.substr(0, option.name.find('.')) + "]",
        {"--" + option.name + "=" + Argument(option.type), Details(option)});
  }
  return sections;
}

}  // namespace

std::string Heading(std::string_view text, Headings headings) {
  return headings == Headings::kPlain ? std::string(text)
                                      : "\x1b[1m" + std::string(text) + "\x1b[0m";
}

std::string FormatHelp(std::string_view usage, std::string_view summary,
                       const std::vector<Flag>& flags,
                       const std::vector<OptionDescription>& options, Headings headings) {
  const std::vector<Section> sections = Sections(flags, options);
  std::size_t left_width = 0;
  for (const Section& section : sections) {
    for (const Entry& entry : section.entries) {
      left_width = std::max(left_width, Columns(entry.left) + 4);
    }
  }
  left_width = std::min(left_width, kMaxLeftWidth);

  constexpr std::string_view kUsage = "Usage: ";
  std::string text;
  for (const std::string& line : Wrap(usage, kTextWidth - kUsage.size())) {
    text += text.empty() ? Heading(kUsage, headings) : std::string(kUsage.size(), ' ');
    text += line + "\n";
  }
  if (!summary.empty()) text += "\n";
  for (const std::string& line : Wrap(summary)) text += line + "\n";
  for (const Section& section : sections) {
    text += "\n" + Heading(section.title, headings) + "\n";
    for (const Entry& entry : section.entries)
      text += Beside("  " + entry.left, entry.right, left_width);
  }
  return text;
}

}  // namespace anole
