#include "envs/families/preset.h"

#include <algorithm>

namespace anole {

std::string PresetHelp(const std::vector<Preset>& presets, bool with_options) {
  std::string help =
      "whose definition of the family to start from; every other option overrides it";
  for (const Preset& preset : presets) {
    if (!preset.options.empty() && with_options) help += "; " + preset.name + ": " + preset.options;
  }
  return help;
}

std::vector<std::string> PresetNames(const std::vector<Preset>& presets) {
  std::vector<std::string> names;
  for (const Preset& preset : presets) names.push_back(preset.name);
  return names;
}

Settings PresetSettings(const std::vector<Preset>& presets, const std::string& name) {
  const auto chosen = std::ranges::find(presets, name, &Preset::name);
  return Settings::FromText("task = {" + chosen->options + "}", "preset " + name);
}

}  // namespace anole
