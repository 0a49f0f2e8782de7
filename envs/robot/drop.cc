#include "envs/robot/drop.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>

#include "configs/user_error.h"
#include "envs/phased_range.h"
#include "envs/robot/free_body.h"
#include "envs/robot/names.h"
#include "envs/robot/robot_command.h"

namespace anole {
namespace {

constexpr double kLongestSettling = 60;  // [s]: it is physics of each episode

// Any orientation, each as likely as any other (Shoemake 1992, "Uniform random rotations").
void TurnAnyhow(Rng& rng, mjtNum* quaternion) {
  const double share = rng.Uniform(0, 1);
  const double a = rng.Uniform(0, 2 * std::numbers::pi), b = rng.Uniform(0, 2 * std::numbers::pi);
  const double of_a = std::sqrt(1 - share), of_b = std::sqrt(share);
  quaternion[0] = of_b * std::cos(b);
  quaternion[1] = of_a * std::sin(a);
  quaternion[2] = of_a * std::cos(a);
  quaternion[3] = of_b * std::sin(b);
}

// Those that hold the place of one of some joints.
std::vector<PositionCommand> ServosOf(const Robot& robot, const std::vector<int>& joints) {
  const mjModel& model = *robot.model;
  std::vector<PositionCommand> servos;
  for (int actuator = 0; actuator < model.nactuator; ++actuator) {
    try {
      PositionCommand servo = CommandPosition(robot, actuator, false);
      const auto moves = [&](int id) { return model.jnt_qposadr[id] == servo.position; };
      if (std::ranges::any_of(joints, moves)) servos.push_back(std::move(servo));
    } catch (const OptionError&) {
      continue;  // no servo: its control stays that of the start
    }
  }
  return servos;
}

}  // namespace

void DropOptions::Describe(VisitOf<DropOptions> visit) {
  visit("body", &DropOptions::body, {.help = "with a <freejoint>", .min_size = 1});
  visit("share", &DropOptions::share,
        {.help = "of the episodes that begin so", .max = 1, .positive = true});
  visit("turned", &DropOptions::turned,
        {.help = "whether it is turned in any way, or stays as at the start"});
  visit("height", &DropOptions::height,
        {.help = "how far above the start, lowest and highest; []: not",
         .unit = "m",
         .min = -1e3,
         .max = 1e3,
         .max_size = 2});
  visit("joints", &DropOptions::joints,
        {.help = "hinges and slides that are then anywhere within their limits, where their servos "
                 "hold them: names or patterns; empty: none"});
  visit("settle", &DropOptions::settle,
        {.help = "physics then goes on for so long by the controls of the start, before the "
                 "episode's time begins",
         .unit = "s",
         .min = 0,
         .max = kLongestSettling});
}

Drop::Drop(const DropOptions& options, const Robot& robot, double control_dt) : options_(options) {
  const mjModel& model = *robot.model;
  const int joint = FreeJointOf(model, robot.Find(mjOBJ_BODY, "body", options.body));
  if (joint < 0) throw OptionError("body", "has no <freejoint>: what is held cannot be dropped");
  pose_ = model.jnt_qposadr[joint];
  if (!options.height.empty()) CheckRange("height", options.height);
  if (!options.joints.empty()) joints_ = robot.FindJoints("joints", options.joints);
  for (const int id : joints_) {
    if (model.jnt_limited[id] != 0) continue;
    throw OptionError("joints", "'" + ElementName(model, mjOBJ_JOINT, id) +
                                    "' has no limits in the model, so it cannot be anywhere "
                                    "within them");
  }
  servos_ = ServosOf(robot, joints_);
  settle_steps_ = StepsOf("settle", options.settle, control_dt);
  if (settle_steps_ > 0 && model.nhistory > 0) {
    throw OptionError("settle",
                      "is not for models whose actuators or sensors have a delay: what they "
                      "remember would be of before the episode");
  }
}

bool Drop::Apply(const mjModel& model, Rng& rng, mjData& data) const {
  if (rng.Uniform(0, 1) >= options_.share) return false;
  mjtNum* const pose = data.qpos + pose_;
  if (!options_.height.empty()) pose[2] += rng.Uniform(options_.height[0], options_.height[1]);
  if (options_.turned) TurnAnyhow(rng, pose + 3);
  for (const int id : joints_) {
    const mjtNum* const limits = model.jnt_range + std::ptrdiff_t{2} * id;
    data.qpos[model.jnt_qposadr[id]] = rng.Uniform(limits[0], limits[1]);
  }
  for (const PositionCommand& servo : servos_) {
    data.ctrl[servo.input.address] = servo.offset + servo.factor * data.qpos[servo.position];
  }
  return true;
}

}  // namespace anole
