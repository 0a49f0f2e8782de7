// What `anole evaluate` and `anole render` adapt: the options of a run, and which of its
// parameters.
#pragma once

#include <optional>
#include <string>

#include "configs/command_line.h"
#include "configs/settings.h"
#include "tools/run/experiment.h"
#include "tools/run/run_directory.h"

namespace anole {

inline const Flag kThetaFlag = {
    "theta", "WHICH",
    "what to adapt: latest (the default), best (by validation), the number of iterations of a "
    "checkpoint, random (initial parameters), or a safetensors file"};

inline const Flag kAnyFamilyFlag = {
    "any-family", "", "take --theta FILE although its parameters are of another family"};

// The options of the run, as the command line changes them. Throws UserError where it changes what
// has no part in an adaptation of trained parameters, or what these are; and where it names another
// preset, which would change nothing: a run has stored every option.
Settings SettingsToAdapt(const CommandLine& line, const RunDirectory& directory);

// What `anole adapt` has noted in the file that --theta names.
struct AdaptedFile {
  std::string path, goal, updates;
};
// Nothing where --theta names no file of `anole adapt`.
std::optional<AdaptedFile> FindAdapted(const CommandLine& line, const RunDirectory& directory);

// The run's newest checkpoint, unless --theta says otherwise. Warns where config.toml has changed
// since. Throws UserError where there is none, or where it is of another family.
MetaState StateToAdapt(const CommandLine& line, const RunDirectory& directory,
                       Experiment& experiment, const InnerLoop& loop);

// Warns where config.toml tells of another run than its newest checkpoint does: what is shown of
// the run would have a wrong name. Throws UserError where the policy itself would be another one.
void WarnIfEdited(const RunDirectory& directory, Experiment& experiment);

}  // namespace anole
