// `task.preset`: where code bases differ in the definition of a family, the name of one chooses
// what the other options default to.
//
//   struct Options {
//     std::string preset = "pearl";
//     std::vector<double> range = {0, 3};  // as the preset that is the default has it
//
//     static void Describe(VisitOf<Options> visit) {
//       DescribePreset(visit, {{"pearl", "range = [0, 3]"}, {"maml", "range = [0, 2]"}});
//       visit("task.range", &Options::range, ...);  // if given, it overrides that of the preset
//     }
//   };
#pragma once

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

// The help of task.preset. with_options: what each of them sets.
std::string PresetHelp(const std::vector<Preset>& presets, bool with_options);
std::vector<std::string> PresetNames(const std::vector<Preset>& presets);
// What the preset of that name, which is one of them, sets.
Settings PresetSettings(const std::vector<Preset>& presets, const std::string& name);

// Comes first in a Describe: when options are read, and task.preset says another one than before,
// it gives them that preset's values, which the visits after it may override.
template <class Options>
void DescribePreset(VisitOf<Options> visit, const std::vector<Preset>& presets) {
  const std::string before = visit->preset;
  // A run has what they set in its config.
  visit("task.preset", &Options::preset,
        {.help = PresetHelp(presets, visit.everything()), .choices = PresetNames(presets)});
  if (visit.reading() == nullptr || visit->preset == before) return;
  const Settings settings = PresetSettings(presets, visit->preset);
  SettingsReader reader(settings);
  Options::Describe({*visit.reading(), reader});  // this time no preset is chosen
  reader.RejectUnknown({});
}

}  // namespace anole
