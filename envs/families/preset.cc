#include "envs/families/preset.h"

#include <algorithm>

namespace anole {

std::optional<Settings> ChoosePreset(OptionVisitor& visit, std::string& name,
                                     const std::vector<Preset>& presets) {
  std::vector<std::string> names;
  std::string help =
      "whose definition of the family to start from; every other option overrides it";
  for (const Preset& preset : presets) {
    names.push_back(preset.name);
    if (preset.options.empty() || !visit.everything())
      continue;  // a run has them all in its config
    help += "; " + preset.name + ": " + preset.options;
  }
  const std::string before = name;
  visit("task.preset", name, {.help = help, .choices = names});
  if (name == before) return std::nullopt;
  const auto chosen = std::ranges::find(presets, name, &Preset::name);
  return Settings::FromText("task = {" + chosen->options + "}", "preset " + name);
}

}  // namespace anole
