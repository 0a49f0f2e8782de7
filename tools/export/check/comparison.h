// An export beside the run that it is of: the same observations, the same updates, and episodes of
// its own.
#pragma once

#include <filesystem>
#include <optional>

#include "tools/export/exported_policy.h"

namespace anole::exports {

struct Comparison {
  std::int64_t observations = 0;  // of the run's own episodes, on which actions are compared
  // Largest difference of a component of the mean action, over 1 + its size. Nothing: the format is
  // not there, or no ONNX Runtime.
  std::optional<double> c_actions, onnx_actions;
  // Per action, of one observation at a time [s].
  double program_seconds = 0;
  std::optional<double> c_seconds, onnx_seconds;
  int selfcheck = 0;  // what the C code's own says; 0: right
  // After each update, both from the run's recorded episodes: |difference| / |parameters|.
  Vector parameters;
  // Mean returns over tasks after 0, 1, ... updates [(updates + 1)], of the run's adaptation and of
  // the C code that acts, records and learns by itself on the same tasks, noise and starts.
  Vector program_returns, c_returns;
  Vector errors;  // standard errors of their differences over tasks; NaN of a single one

  bool empty() const { return !c_actions && !onnx_actions; }  // nothing could be compared
  bool close() const;  // whether all is as near as numbers of single precision are
};

// folder: what was exported as `policy`. tasks: to adapt to. Throws UserError and
// std::runtime_error where an artefact cannot be run.
Comparison Compare(const ExportedPolicy& policy, const std::filesystem::path& folder,
                   MatrixIn tasks);

}  // namespace anole::exports
