// Latency: how long an action takes until it acts, as on a robot whose policy, network and motor
// drivers need their time.
#pragma once

#include <cstdint>
#include <optional>

#include "configs/option.h"
#include "envs/linear_algebra.h"
#include "envs/phased_range.h"
#include "envs/robot/lifetime.h"

namespace anole {

// [[latency]]
struct Latency {
  PhasedRange range;  // [s], uniform
  Lifetime per = Lifetime::kEpisode;

  bool per_task() const { return per == Lifetime::kTask; }

  // Throws OptionError where a range is upside down.
  void Check() const { range.Check("", "range", GrowthOf(per)); }

  static void Describe(VisitOf<Latency> visit);
};

// How a late action meets the physics steps of a control step.
struct LateAction {
  std::int64_t begins = 0;  // the physics step in which the next action begins to act
  Eigen::Index age = 0;     // how many control steps ago the policy chose that one

  // latency: [s], taken to the nearest physics step; physics_steps: per control step.
  LateAction(double latency, double physics_dt, std::int64_t physics_steps);

  // Of the action that acts in a physics step of the control step.
  Eigen::Index AgeIn(std::int64_t physics_step) const {
    return physics_step < begins ? age + 1 : age;
  }
};

// How many of the newest actions a robot has to remember.
Eigen::Index ActionsToKeep(const std::optional<Latency>& latency, double physics_dt,
                           std::int64_t physics_steps);

}  // namespace anole
