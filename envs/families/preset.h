// `task.preset`: where code bases differ in the definition of a family, the name of one chooses
// what the other options default to.
//
//   struct Options {
//     std::string preset = "pearl";
//     std::vector<double> range = {0, 3};  // as the preset that is the default has it
//
//     void Describe(OptionVisitor& visit) {
//       DescribePreset(visit, *this, {{"pearl", "range = [0, 3]"}, {"maml", "range = [0, 2]"}});
//       visit("task.range", range, ...);   // a range that is given overrides that of the preset
//     }
//   };
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "configs/option.h"
#include "configs/reader.h"
#include "configs/settings.h"

namespace anole {

struct Preset {
  std::string name;
  std::string options;  // "horizon = 100, range = [0, 2]"; those of [task] that it sets
};

// Visits `task.preset`; returns what the visitor has chosen, if that is another one than before.
std::optional<Settings> ChoosePreset(OptionVisitor& visit, std::string& name,
                                     const std::vector<Preset>& presets);

// Comes first in the Describe of `options`: when these are read, and task.preset says another one,
// it gives them that preset's values, which the visits after it may override. Listing or writing
// options changes nothing.
template <class Options>
void DescribePreset(OptionVisitor& visit, Options& options, const std::vector<Preset>& presets) {
  const std::optional<Settings> chosen = ChoosePreset(visit, options.preset, presets);
  if (!chosen) return;
  SettingsReader reader(*chosen);
  options.Describe(reader);  // this time no preset is chosen
  reader.RejectUnknown({});
}

}  // namespace anole
