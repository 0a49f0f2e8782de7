// Gives options the values that the user set, and refuses what does not fit: a wrong type or range,
// an unknown word, an option that nothing asks for.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "configs/lister.h"
#include "configs/option.h"
#include "configs/settings.h"

namespace anole {

//   SettingsReader reader(settings);
//   Options::Describe({options, reader});
//   reader.RejectUnknown(catalogue);
//
// An option that is not set keeps its default; if the default is out of range, it must be set.
class SettingsReader final : public OptionSource {
 public:
  // The settings outlive the reader. origin: where they stand, for what is missing.
  explicit SettingsReader(const Settings& settings, std::string origin = "")
      : settings_(settings), origin_(std::move(origin)) {}
  explicit SettingsReader(const Settings&&, std::string = "") = delete;

  // Once all is visited: the first setting that nothing asked for is an error. `all` are the
  // options of every component, chosen or not: they tell a misspelt option from one that does not
  // apply.
  void RejectUnknown(const std::vector<OptionDescription>& all) const;

 private:
  OptionValue Value(std::string_view name, OptionValue now, const OptionInfo& info) override;

  const Settings& settings_;
  std::string origin_;
  std::set<std::string, std::less<>> visited_;
};

}  // namespace anole
