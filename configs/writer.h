// Writes the resolved options of a run as TOML that reads back to the same values, bit for bit.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "configs/option.h"

namespace anole {

// Sections come in the order of their first visit, options in the order of theirs.
class TomlWriter final : public OptionVisitor {
 public:
  enum class Comments { kNone, kHelp };  // kHelp: "# help [unit] (range)" above each option

  // kept_path: written for the option whose files a run keeps a copy of; empty: as the option is.
  explicit TomlWriter(Comments comments = Comments::kHelp, std::string kept_path = "")
      : comments_(comments), kept_path_(std::move(kept_path)) {}

  std::string text() const;

 private:
  struct Section {
    std::string name, lines;
  };

  void Visit(std::string_view name, const OptionValue& value, const OptionInfo& info) override;

  Comments comments_;
  std::string kept_path_;
  std::vector<Section> sections_;
  std::map<std::string, std::string, std::less<>> written_;  // name -> value
};

}  // namespace anole
