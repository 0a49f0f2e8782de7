// How a run is opened to use what it has learned: its options, as they are changed, and which of
// its parameters.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agents/inner_loop.h"
#include "configs/settings.h"
#include "meta/meta_state.h"
#include "tools/run/experiment.h"
#include "tools/run/run_directory.h"

namespace anole {

struct OpenRequest {
  // Options that differ from the run's, as on a command line: {"evaluation.updates", "5"}. They may
  // change how a task is adapted to and evaluated, not what was trained.
  std::vector<std::pair<std::string, std::string>> options = {};
  // latest, best (by validation), the number of iterations of a checkpoint, random (initial
  // parameters), or a safetensors file: what it has Learned. Or last-iterate: the newest theta.
  std::string parameters = "latest";
  bool any_family = false;  // take a file's parameters although they are of another family
  bool random_too = false;  // random ones will be looked at as well: EvaluationRequest::baseline
};

// The options of the run, as the request changes them. Throws UserError where it changes what has
// no part in an adaptation of trained parameters, or what these are; and where it names another
// preset, which would change nothing: a run has stored every option.
Settings SettingsToAdapt(const OpenRequest& request, const RunDirectory& directory);

// What is noted in a file of adapted parameters. goal: empty where it was unknown.
struct AdaptedFile {
  std::string path, goal, updates;
};
// Nothing where `parameters` are none of such a file.
std::optional<AdaptedFile> FindAdapted(const std::string& parameters,
                                       const RunDirectory& directory);

// The parameters that the request asks for. Warns where config.toml has changed since. Throws
// UserError where there are none, or where they are of another family.
MetaState StateToAdapt(const OpenRequest& request, const RunDirectory& directory,
                       const Experiment& experiment, const InnerLoop& loop);

// Warns where config.toml tells of another run than its newest checkpoint does: what is shown of
// the run would have a wrong name. Throws UserError where the policy itself would be another one.
void WarnIfEdited(const RunDirectory& directory, const Experiment& experiment);

}  // namespace anole
