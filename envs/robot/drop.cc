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
#include "envs/robot/redraws.h"
#include "envs/robot/robot_start.h"

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

// Where servos can bring them, lowest and highest, as their controls are limited. Throws
// OptionError.
std::pair<double, double> ReachOf(const Robot& robot, int joint,
                                  const std::vector<PositionCommand>& servos) {
  const mjModel& model = *robot.model;
  const auto moves = [&](const PositionCommand& servo) {
    return servo.position == model.jnt_qposadr[joint];
  };
  const auto servo = std::ranges::find_if(servos, moves);
  if (servo != servos.end()) {
    const auto [low, high] = ControlLimits(model, servo->input.address);
    const double a = (low - servo->offset) / servo->factor;
    const double b = (high - servo->offset) / servo->factor;
    if (std::isfinite(a) && std::isfinite(b)) return std::minmax(a, b);
  }
  throw OptionError("within", "joint '" + ElementName(model, mjOBJ_JOINT, joint) +
                                  "' has no servo whose controls are limited");
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
        {.help = "hinges and slides that are then anywhere within their range, where their servos "
                 "hold them: names or patterns; empty: none"});
  if (const auto where = visit.Where(!visit->joints.empty(), "joints is set")) {
    where("within", &DropOptions::within,
          {.help = "limits: those of the joints; controls: where their servos can bring them"});
  }
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
  servos_ = ServosOf(robot, joints_);
  for (const int id : joints_) {
    if (options.within == DropRange::kControls) {
      reaches_.push_back(ReachOf(robot, id, servos_));
      continue;
    }
    if (model.jnt_limited[id] == 0) {
      throw OptionError("joints", "'" + ElementName(model, mjOBJ_JOINT, id) +
                                      "' has no limits in the model, so it cannot be anywhere "
                                      "within them");
    }
    const mjtNum* const limits = model.jnt_range + std::ptrdiff_t{2} * id;
    reaches_.emplace_back(limits[0], limits[1]);
  }
  settle_steps_ = StepsOf("settle", options.settle, control_dt);
  if (settle_steps_ > 0) CheckNoDelays("settle", model);
}

bool Drop::Apply(const mjModel& model, Rng& rng, mjData& data) const {
  if (rng.Uniform(0, 1) >= options_.share) return false;
  mjtNum* const pose = data.qpos + pose_;
  if (!options_.height.empty()) pose[2] += rng.Uniform(options_.height[0], options_.height[1]);
  if (options_.turned) TurnAnyhow(rng, pose + 3);
  for (std::size_t i = 0; i < joints_.size(); ++i) {
    const auto [low, high] = reaches_[i];
    data.qpos[model.jnt_qposadr[joints_[i]]] = rng.Uniform(low, high);
  }
  for (const PositionCommand& servo : servos_) HoldJoint(servo, data);
  return true;
}

}  // namespace anole
