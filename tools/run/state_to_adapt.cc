#include "tools/run/state_to_adapt.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "configs/user_error.h"
#include "envs/task_checksum.h"
#include "meta/checkpoint.h"
#include "tools/run/logs/log.h"
#include "tools/run/option_rules.h"
#include "tools/run/parameter_notes.h"
#include "tools/run/run_task.h"

namespace anole {
namespace {

// What trained the run's parameters may have been changed in its config.toml since.
void CheckUnchanged(const CommandLine& line, const RunDirectory& directory, const Notes& notes,
                    Experiment& experiment) {
  for (const OptionDifference& difference : DifferenceFromNotes(notes, experiment.Options())) {
    const bool typed = std::ranges::any_of(
        line.settings, [&](const auto& setting) { return setting.first == difference.name; });
    if (typed || difference.name == kChecksumOption) continue;
    const std::string text = fmt::format(
        "{}: {} is {}, but the parameters were trained with {}", directory.config().string(),
        difference.name, difference.current.empty() ? "not there" : difference.current,
        difference.stored);
    if (difference.use == Use::kPolicy) throw UserError(text + "; put that back");
    LogWarning(text);
  }
}

}  // namespace

void WarnIfEdited(const RunDirectory& directory, Experiment& experiment) {
  if (directory.checkpoints().Files().empty()) return;
  const Notes notes = ReadNotes(directory.checkpoints().Latest());
  CheckUnchanged({}, directory, notes, experiment);
}

Settings SettingsToAdapt(const CommandLine& line, const RunDirectory& directory) {
  Settings settings = Settings::FromFile(directory.config());
  const Settings stored = settings;
  line.ApplyTo(settings);
  const bool takes_random = line.Get("theta") == "random" || line.Has("baseline");
  const std::vector<OptionDescription> catalogue = Experiment::Catalogue();
  const auto line_sets = [&](const char* name) {
    const Setting* const setting = settings.Find(name);
    return setting != nullptr && setting->typed.has_value();
  };
  for (const Setting& setting : settings.all()) {
    if (setting.typed) CheckActsOnAdaptation(setting, stored, catalogue, takes_random);
  }
  if (NamesOtherTask(settings) && !line_sets("task.checksum")) settings.Set("task.checksum", "any");
  const Setting* preset = settings.Find("task.preset");
  if (preset != nullptr && preset->typed) {
    throw UserError(preset->Where() +
                    ": a preset is what options that are not given default to, and a run has "
                    "stored them all; give those that are to change");
  }
  return settings;
}

std::optional<AdaptedFile> FindAdapted(const CommandLine& line, const RunDirectory& directory) {
  const auto theta = line.Get("theta");
  if (!theta || *theta == "random") return std::nullopt;
  const std::filesystem::path path = directory.checkpoints().Find(*theta);
  const auto notes = ReadSafetensors(path).metadata;
  const auto goal = notes.find("goal"), updates = notes.find("updates");
  if (goal == notes.end()) return std::nullopt;
  return AdaptedFile{path.string(), goal->second, updates == notes.end() ? "" : updates->second};
}

MetaState StateToAdapt(const CommandLine& line, const RunDirectory& directory,
                       Experiment& experiment, const InnerLoop& loop) {
  const auto theta = line.Get("theta");
  if (theta == "random") return loop.Initial(static_cast<std::uint64_t>(experiment.run.seed));
  const Checkpoints checkpoints = directory.checkpoints();
  const std::filesystem::path file = checkpoints.Find(theta.value_or("latest"));
  const Notes notes = ReadNotes(file);
  if (!line.Has("any-family")) CheckFamily(file, notes, experiment, "--any-family");
  const std::vector<std::filesystem::path> own = checkpoints.Files();
  if (std::ranges::find(own, file) != own.end()) CheckUnchanged(line, directory, notes, experiment);
  return LoadState(file, loop.spec().layout);
}

}  // namespace anole
