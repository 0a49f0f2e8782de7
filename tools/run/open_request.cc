#include "tools/run/open_request.h"

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
void CheckUnchanged(const OpenRequest& request, const RunDirectory& directory, const Notes& notes,
                    const Experiment& experiment) {
  for (const OptionDifference& difference : DifferenceFromNotes(notes, experiment.Options())) {
    const bool typed = std::ranges::any_of(
        request.options, [&](const auto& option) { return option.first == difference.name; });
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

void WarnIfEdited(const RunDirectory& directory, const Experiment& experiment) {
  if (directory.checkpoints().Files().empty()) return;
  const Notes notes = ReadNotes(directory.checkpoints().Latest());
  CheckUnchanged({}, directory, notes, experiment);
}

Settings SettingsToAdapt(const OpenRequest& request, const RunDirectory& directory) {
  Settings settings = Settings::FromFile(directory.config());
  const Settings stored = settings;
  for (const auto& [name, text] : request.options) settings.Set(name, text);
  const bool takes_random = request.parameters == "random" || request.random_too;
  const std::vector<OptionDescription> catalogue = Experiment::Catalogue();
  const auto request_sets = [&](const char* name) {
    const Setting* const setting = settings.Find(name);
    return setting != nullptr && setting->typed.has_value();
  };
  for (const Setting& setting : settings.all()) {
    if (setting.typed) CheckActsOnAdaptation(setting, stored, catalogue, takes_random);
  }
  if (NamesOtherTask(settings) && !request_sets("task.checksum"))
    settings.Set("task.checksum", "any");
  const Setting* preset = settings.Find("task.preset");
  if (preset != nullptr && preset->typed) {
    throw UserError(preset->Where() +
                    ": a preset is what options that are not given default to, and a run has "
                    "stored them all; give those that are to change");
  }
  return settings;
}

std::optional<AdaptedFile> FindAdapted(const std::string& parameters,
                                       const RunDirectory& directory) {
  if (parameters == "random") return std::nullopt;
  const std::filesystem::path path = directory.checkpoints().Find(parameters);
  const auto notes = ReadSafetensors(path).metadata;
  const auto goal = notes.find("goal"), updates = notes.find("updates");
  if (goal == notes.end() && updates == notes.end()) return std::nullopt;
  return AdaptedFile{path.string(), goal == notes.end() ? "" : goal->second,
                     updates == notes.end() ? "" : updates->second};
}

MetaState StateToAdapt(const OpenRequest& request, const RunDirectory& directory,
                       const Experiment& experiment, const InnerLoop& loop) {
  if (request.parameters == "random")
    return loop.Initial(static_cast<std::uint64_t>(experiment.run.seed));
  const Checkpoints checkpoints = directory.checkpoints();
  const std::filesystem::path file = checkpoints.Find(request.parameters);
  const Notes notes = ReadNotes(file);
  if (!request.any_family) CheckFamily(file, notes, experiment, "--any-family");
  const std::vector<std::filesystem::path> own = checkpoints.Files();
  if (std::ranges::find(own, file) != own.end())
    CheckUnchanged(request, directory, notes, experiment);
  MetaState state = LoadState(file, loop.spec().layout);
  if (request.parameters == Checkpoints::kLastIterate) state.average.resize(0);
  return state;
}

}  // namespace anole
