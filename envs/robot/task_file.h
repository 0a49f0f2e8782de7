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

#include "configs/lister.h"
#include "envs/displays/task_display.h"
#include "envs/robot/actions.h"
#include "envs/robot/randomization.h"
#include "envs/robot/robot.h"
#include "envs/robot/terms.h"

namespace anole {

// [robot]
struct RobotOptions {
  std::string model;  // path
  std::string keyframe;
  double control_dt = 0;  // [s]
  double physics_dt = 0;  // [s]
  std::int64_t horizon = 200;
  double position_noise = 0;
  double velocity_noise = 0;
  double diverged_reward = -10;
  std::string display = "none";

  static void Describe(VisitOf<RobotOptions> visit);
};

struct RobotObservation {
  std::string term;
  std::string told;  // what the file says of the term: "body = \"torso\", axes = \"z\""
  double scale = 1;
  double noise = 0;  // standard deviation, before the scale
  double clip = 0;   // after the scale; 0: none
  std::unique_ptr<ObservationTerm> made;

  static void Describe(VisitOf<RobotObservation> visit);
};

struct RobotReward {
  std::string term, told;
  std::string name;
  double weight = 1;
  std::unique_ptr<RewardTerm> made;

  static void Describe(VisitOf<RobotReward> visit);
};

struct RobotCondition {
  std::string term, told;
  std::unique_ptr<Condition> made;

  static void Describe(VisitOf<RobotCondition> visit);
};

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

// What a section of the file may say.
struct SectionReference {
  struct Term {
    std::string name, summary;
    std::vector<OptionDescription> options;
  };
  std::string name;  // "[[reward]]"
  std::vector<OptionDescription> options;
  std::vector<Term> terms;
};
std::vector<SectionReference> RobotFileReference();

// Throws UserError with file, line and column, also where the model diverges from its start.
std::unique_ptr<const RobotTask> ReadRobotTask(const std::filesystem::path& file);

}  // namespace anole
