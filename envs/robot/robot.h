// The robot of a task file: its model, its pose at the start, and the words for its parts.
#pragma once

#include <mujoco/mujoco.h>

#include <functional>
#include <string>
#include <vector>

#include "envs/linear_algebra.h"
#include "envs/mujoco.h"
#include "envs/robot/robot_command.h"

namespace anole {

struct Robot {
  ModelPtr model;          // as in its file
  std::string model_name;  // for messages
  Vector home;             // (nq) of the keyframe, or qpos0
  std::vector<RobotCommand> commands;

  // The id of what is called `name`. Throws OptionError of `option`, with the nearest name, where
  // nothing of that kind is.
  int Find(mjtObj kind, const std::string& option, const std::string& name) const;

  // All ids that match one of `patterns`, "thigh*, torso", in the model's order. Throws OptionError
  // where a pattern matches nothing.
  std::vector<int> FindAll(mjtObj kind, const std::string& option, const std::string& patterns,
                           const std::function<bool(int)>& eligible = {}) const;

  // Hinges and slides among them: one qpos and one qvel each.
  std::vector<int> FindJoints(const std::string& option, const std::string& patterns) const;

  // The row of a task that holds a command.
  Eigen::Index FindCommand(const std::string& option, const std::string& name) const;
};

// "body", "joint" ...
std::string KindText(mjtObj kind);

// "thigh*, torso" -> {"thigh*", "torso"}
std::vector<std::string> SplitList(const std::string& text);

}  // namespace anole
