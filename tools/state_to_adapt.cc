#include "tools/state_to_adapt.h"

#include "configs/user_error.h"
#include "meta/checkpoint.h"

namespace anole {

Settings SettingsToAdapt(const CommandLine& line, const RunDirectory& directory) {
  Settings settings = Settings::FromFile(directory.config());
  line.ApplyTo(settings);
  const Setting* preset = settings.Find("task.preset");
  if (preset != nullptr && preset->typed) {
    throw UserError(preset->Where() +
                    ": a preset is what options that are not given default to, and a run has "
                    "stored them all; give those that are to change");
  }
  return settings;
}

MetaState StateToAdapt(const CommandLine& line, const RunDirectory& directory,
                       const Experiment& experiment, const InnerLoop& loop) {
  const auto theta = line.Get("theta");
  if (theta == "random") return loop.Initial(static_cast<std::uint64_t>(experiment.run.seed));
  return LoadState(directory.checkpoints().Find(theta.value_or("latest")), loop.spec().layout);
}

}  // namespace anole
