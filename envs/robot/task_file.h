// A robot's task file: a Markov decision process on a model of the user's own, in TOML.
//
//   [robot]           model, start, time            [[reward]]       weighted sum of terms
//   [[command]]       what a task asks for           [[termination]]  what ends an episode
//   [[action]]        how actuators are commanded    [[success]]      what is success
//   [[observation]]   what the policy sees           [[randomize]]    dynamics that differ
//
// configs/robots/ has worked examples; `anole check TASK.toml` tells what a file describes.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "envs/displays/task_display.h"
#include "envs/robot/actions.h"
#include "envs/robot/randomization.h"
#include "envs/robot/robot.h"
#include "envs/robot/task_sections.h"

namespace anole {

struct RobotTask {
  RobotOptions options;
  Robot robot;
  std::int64_t physics_steps = 1;  // per control step
  std::vector<ActionGroup> actions;
  std::vector<RobotObservation> observations;
  std::vector<RobotReward> rewards;
  std::vector<RobotCondition> terminations, successes;  // any of them; all of them
  std::vector<Randomization> randomizations;
  std::shared_ptr<const TaskDisplay> display;  // the family's FamilySpec shares it
  // Of what the file means and of all that its model was compiled from; as older runs have it.
  std::string checksum, former_checksum;
  KeptFiles files;  // all that this was read from

  Eigen::Index action_dim() const;
};

// Throws UserError with file, line and column, also where the model diverges from its start.
std::unique_ptr<const RobotTask> ReadRobotTask(const std::filesystem::path& file);

}  // namespace anole
