#include "envs/robot/displays.h"

#include <algorithm>

#include "configs/user_error.h"
#include "envs/displays/point_display.h"
#include "envs/displays/velocity_display.h"
#include "envs/robot/quantities.h"
#include "envs/robot/task_file.h"

namespace anole {
namespace {

class InWords : public TaskDisplay {
 public:
  using Options = NoOptions;
  InWords(const Options& /*options*/, const RobotTask& /*task*/) {}
};
const RegisterRobotDisplay<InWords> in_words("none", "in words only");

// The body whose velocity along x the first reward measures that measures one; else the first body.
ModelPart BodyOf(const RobotTask& task) {
  for (const RobotReward& reward : task.rewards) {
    const BodyVelocity* const velocity = reward.made->velocity();
    if (velocity != nullptr && velocity->axis == VelocityAxis::kX) return velocity->part();
  }
  return {};
}

template <VelocityDisplay::Asks asks>
class FirstCommand : public VelocityDisplay {
 public:
  using Options = NoOptions;
  FirstCommand(const Options& /*options*/, const RobotTask& task)
      : VelocityDisplay(asks, BodyOf(task)) {
    const auto& commands = task.robot.commands;
    if (!commands.empty() && commands.front().per_task()) return;
    throw OptionError("display", commands.empty()
                                     ? "shows the first [[command]] of a task; there is none"
                                     : "shows the first [[command]], which is no part of the task");
  }
};
const RegisterRobotDisplay<FirstCommand<VelocityDisplay::Asks::kVelocity>> velocity(
    "velocity_x", "the first command is a velocity along x");
const RegisterRobotDisplay<FirstCommand<VelocityDisplay::Asks::kDirection>> direction(
    "direction_x", "the first command is, by its sign, a direction along x");

const Distance& DistanceOf(const RobotTask& task) {
  for (const RobotReward& reward : task.rewards) {
    if (reward.made->distance() != nullptr) return *reward.made->distance();
  }
  for (const RobotCondition& success : task.successes) {
    if (success.made->distance() != nullptr) return *success.made->distance();
  }
  throw OptionError("display",
                    "shows what a [[reward]] or [[success]] of term \"distance\" brings to its "
                    "target; there is none");
}

class Target : public PointDisplay {
 public:
  using Options = NoOptions;
  Target(const Options& /*options*/, const RobotTask& task) : Target(DistanceOf(task)) {
    const auto& rows = DistanceOf(task).place().rows;
    if (std::ranges::count(rows, -1) == 0) return;
    throw OptionError("display", "shows a target whose commands are no part of the task");
  }

 private:
  explicit Target(const Distance& distance) : PointDisplay(distance.thing(), distance.place()) {}
};
const RegisterRobotDisplay<Target> target("point", "what term \"distance\" brings to its target");

}  // namespace
}  // namespace anole
