// What of a run `anole evaluate`, `anole adapt` and `anole render` are asked for, by flags that
// they share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "configs/command_line.h"
#include "tools/report/table_text.h"
#include "tools/run/run.h"

namespace anole::app {

inline const Flag kThetaFlag = {
    "theta", "WHICH",
    "what to adapt: latest (the default), best (by validation), the number of iterations of a "
    "checkpoint, random (initial parameters), or a safetensors file; where meta.average is set, "
    "its average of theta is meant, unless by last-iterate: the newest theta itself"};
inline const Flag kAnyFamilyFlag = {
    "any-family", "", "take --theta FILE although its parameters are of another family"};
inline const Flag kGoalFlag = {"goal", "X[,Y]",
                               "the task: its parameters, as `anole list` names them"};
inline const Flag kTaskFlag = {"task", "k",
                               "or the k-th task of `anole evaluate`, from 0 on; or random: the "
                               "next one that evaluation.seed draws"};

// Short for --evaluation.updates and so on, see RequestOf.
inline const Flag kUpdatesFlag = {"updates", "K",
                                  "inner updates; default: the run's evaluation.updates"};
inline const Flag kRolloutsFlag = {"rollouts", "M",
                                   "episodes of an update; default: the run's evaluation.rollouts"};
inline const Flag kSeedFlag = {"seed", "N", "of the episodes; default: the run's evaluation.seed"};

inline const Flag kTableFormatFlag = {
    "format", "WHICH",
    "of tables: text (the default), markdown, latex (a tabular, rules of the "
    "package booktabs) or csv"};
// Throws UserError.
inline report::TableForm FormOf(const CommandLine& line) {
  return report::ParseTableForm(line.Get("format").value_or("text"));
}

// The run as the command line asks for it. short_flags: "updates" is short for
// --evaluation.updates.
OpenRequest RequestOf(const CommandLine& line, const std::vector<std::string>& short_flags = {});

// Which parameters --theta names: OpenRequest::parameters.
std::string ThetaOf(const CommandLine& line);

// --goal, or the test task that --task says, or the first one. Throws UserError where there is no
// such task.
AdaptationRequest ChooseTask(const CommandLine& line, Run& run);

}  // namespace anole::app
