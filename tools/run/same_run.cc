#include "tools/run/same_run.h"

#include <fmt/format.h>

#include <vector>

#include "configs/user_error.h"
#include "envs/task_checksum.h"
#include "tools/run/option_rules.h"
#include "tools/run/parameter_notes.h"
#include "tools/run/run_task.h"
#include "tools/run/shell_text.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

std::string WhatMayChange() {
  return "only how long it goes on and what it stores may change: " +
         ResumableOptions(Experiment::Catalogue());
}

// By what the checkpoint says of the options that made it; by config.toml where an older version of
// anole wrote it.
std::vector<OptionDifference> Differences(const Settings& settings, const RunDirectory& directory,
                                          const fs::path& checkpoint,
                                          const Experiment& experiment) {
  const Notes notes = ReadNotes(checkpoint);
  if (notes.contains("options")) return DifferenceFromNotes(notes, experiment.Options());
  Settings stored_settings = Settings::FromFile(directory.config());
  if (const auto kept = experiment.Kept()) {
    if (const Setting* const setting = settings.Find(kept->name)) stored_settings.Set(*setting);
  }
  const Experiment stored = ExperimentOf(directory.path(), stored_settings, kTaskStays);
  return Difference(stored.Options(), experiment.Options());
}

// The files that the task comes from are others.
[[noreturn]] void RefuseTask(const Settings& settings, const RunDirectory& directory,
                             const fs::path& checkpoint, const std::string& where) {
  const std::vector<fs::path> changed = ChangedTaskFiles(directory.path());
  const std::string way = fmt::format(
      "a run goes on with the task that it began with; to train on from here with another, start a "
      "run with --run.initial={}",
      ShellPath(checkpoint));
  if (!NamesOtherTask(settings) && !changed.empty()) {
    throw UserError(fmt::format("{}: {} is not what it was when the run began; {}", where,
                                changed.front().string(), way));
  }
  throw UserError(
      fmt::format("{}: the task, or its model, is another one than this run's; {}", where, way));
}

}  // namespace

void CheckSameRun(const Settings& settings, const RunDirectory& directory,
                  const fs::path& checkpoint, const std::string& where,
                  const Experiment& experiment,
                  const std::function<bool(const OptionDifference&)>& accepts) {
  if (ReadNotes(checkpoint).contains("goal")) {
    throw UserError(fmt::format(
        "{}: {} holds parameters that were adapted to one goal, from which no training goes on; "
        "start a run with --run.initial={}",
        where, checkpoint.string(), checkpoint.string()));
  }
  for (const OptionDifference& difference :
       Differences(settings, directory, checkpoint, experiment)) {
    if (MayChangeOnResume(difference.use) || (accepts && accepts(difference))) continue;
    if (difference.name == kChecksumOption) RefuseTask(settings, directory, checkpoint, where);
    const Setting* const setting = settings.Find(difference.name);
    const bool edited = setting != nullptr && !setting->typed &&
                        setting->origin.starts_with(directory.config().string() + ":");
    if (!edited) RefuseChange(where, difference);
    throw UserError(
        fmt::format("{}: was changed in the file, but up to here the run was made with "
                    "{}; put that back: {}",
                    setting->Where(), difference.stored, WhatMayChange()));
  }
}

void RefuseChange(const std::string& where, const OptionDifference& difference) {
  throw UserError(where + ": " + difference.name + " is " + difference.stored +
                  " in this run and cannot become " + difference.current + "; " + WhatMayChange());
}

}  // namespace anole
