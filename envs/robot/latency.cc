#include "envs/robot/latency.h"

#include <algorithm>
#include <cmath>

namespace anole {

void Latency::Describe(VisitOf<Latency> visit) {
  visit("per", &Latency::per,
        {.help = "task: a row of it, to be adapted to; episode: drawn in each"});
  PhasedRange::Describe(visit.In(&Latency::range),
                        {.section = "",
                         .what = "time until an action acts, to the nearest physics step; until "
                                 "the first one does, zeros act",
                         .limits = {.help = "", .unit = "s", .min = 0, .max = 1}},
                        GrowthOf(visit->per), /*either=*/true);
}

LateAction::LateAction(double latency, double physics_dt, std::int64_t physics_steps) {
  const auto late = static_cast<std::int64_t>(std::round(latency / physics_dt));
  begins = late % physics_steps;
  age = static_cast<Eigen::Index>(late / physics_steps);
}

Eigen::Index ActionsToKeep(const std::optional<Latency>& latency, double physics_dt,
                           std::int64_t physics_steps) {
  constexpr Eigen::Index kOfTerms = 3;  // that terms may look at: RobotState
  if (!latency) return kOfTerms;
  const double most =
      std::max(latency->range.Of(Phase::kTrain).high, latency->range.Of(Phase::kTest).high);
  return std::max(kOfTerms, LateAction(most, physics_dt, physics_steps).AgeIn(0) + 1);
}

}  // namespace anole
