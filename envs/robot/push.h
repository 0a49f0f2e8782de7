// Pushes: now and then a free body gets another velocity, at once or by a force that lasts for a
// while, as if something had hit it.
#pragma once

#include <mujoco/mujoco.h>

#include <cstdint>
#include <string>
#include <vector>

#include "configs/option.h"
#include "envs/linear_algebra.h"
#include "envs/phased_range.h"
#include "envs/random.h"
#include "envs/robot/robot.h"
#include "envs/task_family.h"

namespace anole {

// One [[push]].
struct PushOptions {
  std::string body;
  std::vector<double> every;     // [s], shortest and longest
  bool from_begin = false;       // of the push before, not from its end
  bool steady = false;           // one time of an episode
  bool alike = false;            // one speed and duration of an episode
  PhasedRange speed;             // [m/s], least and largest
  std::vector<double> duration;  // [s], shortest and longest; empty: at once
  double lift = 0;               // [m/s]
  double spin = 0;               // [rad/s]

  static void Describe(VisitOf<PushOptions> visit);
};

// Const and thread-safe: when the next one comes belongs to the episode.
class Push {
 public:
  static constexpr Eigen::Index kKept = 8;  // numbers of an episode

  // Throws OptionError. control_dt: [s]
  Push(const PushOptions& options, const Robot& robot, double control_dt);

  const PushOptions& options() const { return options_; }

  // At the start of an episode. kept: (kKept); iteration: TaskFamily::Configure
  void Begin(std::int64_t iteration, Rng& rng, VectorOut kept) const;

  // Takes back the force of the control step before.
  void Release(mjData& data) const;

  // Before the physics of each control step. time: of the episode [s]. Whether velocities changed
  // at once.
  bool Apply(double time, Simulation& simulation, VectorOut kept) const;

 private:
  void DrawPause(Rng& rng, VectorOut kept) const;
  void DrawSize(std::int64_t iteration, Rng& rng, VectorOut kept) const;
  void DrawVelocity(Rng& rng, VectorOut kept) const;
  void AddVelocity(VectorIn kept, Rng& rng, mjData& data) const;
  void AddForce(const mjModel& model, mjData& data, VectorOut kept) const;

  PushOptions options_;
  int body_ = 0, velocity_ = 0;  // id; address in qvel
  double control_dt_ = 0;        // [s]
};

}  // namespace anole
