// A policy as Python holds it: parameters, and the run that says how to use them.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <optional>
#include <string>

#include "agents/network/policy.h"
#include "tools/export/exported_policy.h"
#include "tools/python/shared_run.h"
#include "tools/python/values.h"

namespace anole::python {

// Acts with parameters of a run. Of a run that rolls out episodes.
class Policy {
 public:
  Policy(RunPtr run, exports::Source source);

  const SharedRun& run() const { return *run_; }
  const exports::Source& source() const { return source_; }
  const ControlLoop& loop() const { return *run_->run.control_loop(); }
  const ControlPolicy<float>& acting() const { return policy_; }

  // actions: (action_dim x n), written: the means for observations, (observation_dim x n), which a
  // policy that remembers meets one after another.
  void Act(const Eigen::Map<const Matrix>& observations, Eigen::Map<Matrix> actions);

  void Forget() { policy_.BeginEpisode(memory_); }

 private:
  RunPtr run_;
  exports::Source source_;
  ControlPolicy<float> policy_;
  ControlPolicy<float>::Memory memory_;
};

}  // namespace anole::python
