// How a robot's family divides the numbers that it keeps in an episode (Simulation::memory).
#pragma once

#include <cstdint>

#include "envs/linear_algebra.h"

namespace anole {

struct RobotMemory {
  // Numbers of each kind.
  struct Sizes {
    Eigen::Index actions = 0, remembered = 3;  // of each action
    Eigen::Index commands = 0, pushes = 0;     // pushes: all numbers of them
    Eigen::Index motions = 0;                  // the same
    Eigen::Index kept = 0, seen = 0, forces = 0, delays = 0, places = 0;
  };
  explicit RobotMemory(const Sizes& sizes)
      : actions(0, sizes.remembered * sizes.actions),
        commands(actions.end(), sizes.commands),
        redraws(commands.end(), sizes.commands),
        pushes(redraws.end(), sizes.pushes),
        motions(pushes.end(), sizes.motions),
        kept(motions.end(), sizes.kept),
        seen(kept.end(), sizes.seen),
        forces(seen.end(), sizes.forces),
        delays(forces.end(), sizes.delays),
        places(delays.end(), sizes.places) {}
  RobotMemory() : RobotMemory(Sizes()) {}

  struct Part {
    Eigen::Index first = 0, count = 0;
    Part(Eigen::Index begin, Eigen::Index size) : first(begin), count(size) {}
    Eigen::Index end() const { return first + count; }
    auto Of(auto& memory) const { return memory.segment(first, count); }
  };

  Part actions;   // the last ones, the newest first
  Part commands;  // as they are now
  Part redraws;   // of each command the control step after which it is drawn anew, if it is random
  Part pushes;    // Push::kKept of each
  Part motions;   // Motion::kKept of each
  Part kept;      // RobotState::kept
  Part seen;      // frames of observations, RobotObservation::frames() of each
  Part forces;    // of actuators in the last physics step, where they are computed anew after it
  Part delays;    // of observations that draw theirs [control steps]
  Part places;    // Placements::PutAnew
  Eigen::Index steps() const { return places.end(); }     // control steps so far
  Eigen::Index last_seen() const { return steps() + 1; }  // 1 + the step last observed; 0: none
  Eigen::Index succeeded() const { return steps() + 2; }  // whether there was success
  Eigen::Index latency() const { return steps() + 3; }    // [s]
  Eigen::Index size() const { return steps() + 4; }
};

}  // namespace anole
