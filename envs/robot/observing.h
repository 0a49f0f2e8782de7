// What is observed in an episode: with noise, late, and together with what was seen before.
#pragma once

#include <vector>

#include "envs/family_interface.h"
#include "envs/linear_algebra.h"
#include "envs/random.h"
#include "envs/robot/robot_memory.h"
#include "envs/robot/task_sections.h"
#include "envs/robot/terms.h"
#include "envs/task_family.h"

namespace anole {

// What a family says of these numbers.
ObservationPart PartOf(const RobotObservation& seen);

// One frame, with noise, scaled and clipped. numbers: (frame())
void See(const RobotObservation& seen, const RobotState& state, Rng& rng, VectorOut numbers);

class Observing {
 public:
  Observing() = default;
  explicit Observing(const std::vector<RobotObservation>& all);  // which must outlive it

  // How many numbers an episode remembers: RobotMemory::Sizes::seen and delays.
  Eigen::Index frames() const { return frames_; }
  Eigen::Index delays() const { return delays_; }

  // At the start of an episode: draws how late each is.
  void Begin(const RobotMemory& memory, Simulation& simulation) const;

  // observation: all of them, one after another.
  void Observe(const RobotState& state, const RobotMemory& memory, Simulation& simulation,
               VectorOut observation) const;

 private:
  const std::vector<RobotObservation>* all_ = nullptr;
  Eigen::Index frames_ = 0, delays_ = 0;
};

}  // namespace anole
