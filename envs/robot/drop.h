// Drops: episodes that begin with a body in any orientation and its joints anywhere, and with what
// physics makes of that, as a robot that has to get up.
#pragma once

#include <mujoco/mujoco.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "configs/option.h"
#include "configs/words.h"
#include "envs/random.h"
#include "envs/robot/actuators.h"
#include "envs/robot/robot.h"

namespace anole {

// Which range joints are then anywhere in.
enum class DropRange { kLimits, kControls };

constexpr auto WordsOf(DropRange) {
  return Words<DropRange>({{DropRange::kLimits, "limits"}, {DropRange::kControls, "controls"}});
}

// One [[drop]].
struct DropOptions {
  std::string body;
  double share = 1;            // of the episodes
  bool turned = true;          // in any orientation
  std::vector<double> height;  // [m], lowest and highest
  std::string joints;          // anywhere within their range
  DropRange within = DropRange::kLimits;
  double settle = 0;  // [s]

  static void Describe(VisitOf<DropOptions> visit);
};

// Const and thread-safe.
class Drop {
 public:
  // Throws OptionError. control_dt: [s]
  Drop(const DropOptions& options, const Robot& robot, double control_dt);

  const DropOptions& options() const { return options_; }
  std::int64_t settle_steps() const { return settle_steps_; }  // control steps

  // Whether it happens in this episode; then qpos is changed, and the controls of servos.
  bool Apply(const mjModel& model, Rng& rng, mjData& data) const;

 private:
  DropOptions options_;
  int pose_ = 0;                                    // address in qpos
  std::vector<int> joints_;                         // ids
  std::vector<std::pair<double, double>> reaches_;  // of each the lowest and highest place
  std::vector<PositionCommand> servos_;             // of these joints
  std::int64_t settle_steps_ = 0;
};

}  // namespace anole
