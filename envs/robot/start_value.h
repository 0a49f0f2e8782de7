// What a task file says of the start, beside the keyframe: the place of joints, controls, the pose
// of a free or mocap body; and other keyframes that some episodes begin with.
#pragma once

#include <mujoco/mujoco.h>

#include <string>
#include <vector>

#include "configs/option.h"
#include "envs/robot/noise_kind.h"
#include "envs/robot/robot.h"
#include "envs/robot/robot_start.h"

namespace anole {

// One [[start]]: of joints, of actuators, of a body, or another keyframe.
struct StartValue {
  std::string joints, actuators, body, keyframe;  // one of them is not empty
  double share = 0.5;                             // of the episodes that begin with the keyframe
  double value = 0;
  double noise = -1;  // of joints, instead of [robot] position_noise; -1: as that
  NoiseKind noise_kind = NoiseKind::kUniform;
  std::vector<double> position;     // (3) [m], in the world; empty: as it is
  std::vector<double> orientation;  // (4) w x y z; empty: as it is

  static void Describe(VisitOf<StartValue> visit);

  // Throws OptionError where it does not say of what it is.
  void Check() const;

  // Where it is of no keyframe. Throws OptionError.
  void Apply(const Robot& robot, mjData& data, StartNoise& noise) const;

 private:
  void ApplyJoints(const Robot& robot, mjData& data, StartNoise& noise) const;
  void ApplyActuators(const Robot& robot, mjData& data) const;
  void ApplyBody(const Robot& robot, mjData& data) const;
};

}  // namespace anole
