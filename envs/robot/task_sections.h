// What the sections of a robot's task file may say, but for those with a file of their own
// (robot_command.h, actions.h, randomization.h).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "configs/lister.h"
#include "envs/phased_range.h"
#include "envs/robot/noise_kind.h"
#include "envs/robot/terms.h"
#include "envs/robot/when.h"

namespace anole {

// When the conditions of success must hold for an episode to be one.
enum class SuccessCounts { kAtEnd, kEver };

constexpr auto WordsOf(SuccessCounts) {
  return Words<SuccessCounts>({{SuccessCounts::kAtEnd, "end"}, {SuccessCounts::kEver, "ever"}});
}

// What stands for what was seen before an episode.
enum class Padding { kFirst, kZero };

constexpr auto WordsOf(Padding) {
  return Words<Padding>({{Padding::kFirst, "first"}, {Padding::kZero, "zero"}});
}

// [robot]
struct RobotOptions {
  std::string model;  // path
  std::string keyframe;
  std::string colliding;  // geoms
  double control_dt = 0;  // [s]
  double physics_dt = 0;  // [s]
  std::int64_t horizon = 200;
  double position_noise = 0;
  double velocity_noise = 0;
  double base_velocity_noise = 0;  // [m/s or rad/s]
  double place_noise = 0;          // [m]
  double turn_noise = 0;           // [rad]
  double settle = 0;               // [s]
  bool hold_start = false;
  bool above_ground = false;
  std::string held;    // joints
  double held_at = 0;  // [rad or m]
  SuccessCounts success_counts = SuccessCounts::kAtEnd;
  double diverged_reward = -10;
  std::string display = "none";

  static void Describe(VisitOf<RobotOptions> visit);
};

struct RobotObservation {
  std::string term;
  std::string told;  // what the file says of the term: "body = \"torso\", axes = \"z\""
  double scale = 1;
  double noise = 0;  // before the scale: standard deviation or, of uniform noise, half its width
  NoiseKind noise_kind = NoiseKind::kNormal;
  double clip = 0;           // after the scale; 0: none
  std::int64_t history = 1;  // how many are seen together, the newest first
  std::int64_t delay = 0;    // [control steps]; the least, where delay_most is more
  std::int64_t delay_most = 0;
  Padding padding = Padding::kFirst;
  bool privileged = false;  // seen by what advantages are measured against, not by the policy
  std::size_t section = 0;  // which [[observation]] of the file it is
  std::unique_ptr<ObservationTerm> made;

  Eigen::Index frame() const { return made->size(); }
  Eigen::Index size() const { return history * frame(); }  // of what is seen
  bool draws_delay() const { return delay_most > delay; }  // in each episode
  // Of which so many are remembered.
  Eigen::Index frames() const { return history + std::max(delay, delay_most); }

  // Throws OptionError where a range is upside down, or padding has nothing to fill.
  void Check() const;

  static void Describe(VisitOf<RobotObservation> visit);
};

struct RobotReward {
  std::string term, told;
  std::string name;
  double weight = 1;
  double start_weight = 0;  // as training begins, where it grows
  Growing growth;           // of that to weight [iterations]
  When when;
  std::unique_ptr<RewardTerm> made;

  // iteration: TaskFamily::Configure
  double WeightIn(std::int64_t iteration) const;

  static void Describe(VisitOf<RobotReward> visit);
};

struct RobotCondition {
  std::string term, told;
  When when;
  std::unique_ptr<Condition> made;

  static void Describe(VisitOf<RobotCondition> visit);
};

// All that a section may say.
struct SectionReference {
  struct Term {
    std::string name, summary;
    std::vector<OptionDescription> options;
  };
  std::string name;  // "[[reward]]"
  std::vector<OptionDescription> options;
  std::string choice;  // "term": the option that chooses one of the terms
  std::vector<Term> terms;
};
std::vector<SectionReference> RobotFileReference();

}  // namespace anole
