// The robot of a task file: its model, its pose at the start, and the words for its parts.
#pragma once

#include <mujoco/mujoco.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "envs/model_part.h"
#include "envs/mujoco.h"
#include "envs/random.h"
#include "envs/robot/motion.h"
#include "envs/robot/names.h"
#include "envs/robot/robot_command.h"
#include "envs/robot/robot_start.h"

namespace anole {

struct Robot {
  ModelPtr model;        // as in its file, but lean (envs/lean_model.h)
  SpecPtr spec;          // what `model` was compiled from
  std::string left_out;  // of the model in its file, for people
  // While a task file is read: the whole model, and the id in `model` of each of its geoms, -1
  // where it was left out. By these, geoms are chosen as the file names and counts them.
  const mjModel* full = nullptr;
  std::vector<int> geoms;
  std::string model_name;  // for messages
  RobotStart start;        // of each episode, but for noise; or of those that begin with no other
  std::vector<OtherStart> other_starts;
  std::vector<int> held;  // addresses in qpos of what is put to held_at after each step
  std::vector<RobotCommand> commands;
  std::vector<std::shared_ptr<const Motion>> motions;

  // The model at its start, or another one, with what derives from it.
  DataPtr AtStart() const { return At(start); }
  DataPtr At(const RobotStart& at) const;

  // That of an episode, of which `rng` draws where there are others.
  const RobotStart& DrawStart(Rng& rng) const;

  // The id of what is called `name`, or "#3". Throws OptionError of `option`, with the nearest
  // name, where nothing of that kind is.
  int Find(mjtObj kind, const std::string& option, const std::string& name) const;

  // All ids that `patterns` chooses, "thigh*, torso", in the model's order: see ChooseElements.
  std::vector<int> FindAll(mjtObj kind, const std::string& option, const std::string& patterns,
                           const std::function<bool(int)>& eligible = {}) const;

  // Hinges and slides among them: one qpos and one qvel each.
  std::vector<int> FindJoints(const std::string& option, const std::string& patterns) const;

  // The site or body of that name; where there are both, the site.
  ModelPart FindPart(const std::string& option, const std::string& name) const;

  // The number of a command among all.
  Eigen::Index FindCommand(const std::string& option, const std::string& name) const;
  Eigen::Index FindMotion(const std::string& option, const std::string& name) const;  // the same
};

}  // namespace anole
