// A policy that acts on a task: what benchmarks of sampling time.
#pragma once

#include <memory>
#include <string>

#include "agents/control/control_loop.h"
#include "agents/control/rollout.h"
#include "configs/settings.h"

namespace anole::bench {

// The policy of an experiment, untrained, on its first task: by default 64x64.
struct Acting {
  std::unique_ptr<ControlLoop> loop;
  const TaskFamily& family;
  ControlPolicy<float> policy;
  Vector task;

  // experiment: of tasks that are rolled out; its first one of training is acted on.
  explicit Acting(const Settings& experiment);
  // options: TOML, in which the family is named.
  explicit Acting(const std::string& options);

  // The address of an episode that no other repetition has.
  static Address Place(int repetition, int episode) {
    return {.iteration = repetition, .rollout = episode};
  }
  // Throws UserError where `steps` after `episodes` and one more are none: they blow up at once.
  static void ExpectSteps(int episodes, std::int64_t steps);
  void Run(const Address& address, Worker& worker, Episode& episode) const {
    Rollout(task, policy, Exploration::kStochastic, address, worker, episode);
  }
};

// "[task] family = NAME" for a family's own defaults.
std::string FamilyOption(const std::string& name);

}  // namespace anole::bench
