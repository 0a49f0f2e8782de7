// A robot's task file: a Markov decision process on a model of the user's own, in TOML.
//
//   [robot]           model, start, time            [[reward]]       weighted sum of terms
//   [[actuator]]      that the model lacks           [[termination]]  what ends an episode
//   [[start]]         more of the start
//   [[command]]       what a task asks for           [[success]]      what is success
//   [[place]]         where things are put           [[randomize]]    dynamics that differ
//   [[action]]        what numbers of a policy do    [[push]]         what disturbs
//   [[observation]]   what the policy sees           [[latency]]      how late it acts
//   [[pair]]          what touches what              [[drop]]         starts by falling
//   [[formula]]       numbers with a name            [[motion]]       what is to be followed
//
// configs/robots/ has worked examples; `anole check TASK.toml` tells what a file describes.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "envs/displays/task_display.h"
#include "envs/robot/actions.h"
#include "envs/robot/actuators.h"
#include "envs/robot/drop.h"
#include "envs/robot/ground.h"
#include "envs/robot/latency.h"
#include "envs/robot/model_edits.h"
#include "envs/robot/placements.h"
#include "envs/robot/push.h"
#include "envs/robot/randomization.h"
#include "envs/robot/robot.h"
#include "envs/robot/task_sections.h"

namespace anole {

struct RobotTask {
  RobotOptions options;
  ModelEdits edits;
  Robot robot;
  std::int64_t physics_steps = 1;  // per control step
  std::vector<RobotAction> actions;
  std::vector<PositionCommand> holding;  // that begin where their joints do
  Placements placements;
  std::vector<Drop> drops;
  std::optional<HeightKept> height_kept;  // at the start of episodes
  std::vector<Push> pushes;
  std::optional<Latency> latency;  // none: actions act at once
  KeptList kept;                   // by terms
  Formulas formulas;
  bool accelerations = false;  // whether terms look at what derives from them
  std::vector<RobotObservation> observations, privileged;  // of the policy; beside them
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
