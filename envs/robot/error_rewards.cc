// Rewards of robots' task files for what is as it should be, through a kernel.
#include <string>

#include "envs/robot/kernel_reward.h"
#include "envs/robot/quantities.h"
#include "envs/robot/terms.h"

namespace anole {
namespace {

const RegisterReward<KernelReward<VelocityError>> track_velocity(
    "track_velocity", "a body's velocity is as commanded");

struct VelocityGap {
  BodyVelocity of;
  double wanted = 0;

  static void Describe(VisitOf<VelocityGap> visit) {
    visit(&VelocityGap::of);
    visit("wanted", &VelocityGap::wanted, {.help = "velocity", .min = -1e6, .max = 1e6});
  }
  void Bind(const Robot& robot) { of.Bind(robot); }
  double Value(const RobotState& state) const { return of.Value(state) - wanted; }
};
const RegisterReward<KernelReward<VelocityGap>> keep_velocity(
    "keep_velocity", "a body's velocity is a given number");

const RegisterReward<KernelReward<Distance>> distance("distance",
                                                      "a site or body is near a target");

struct HeightGap {
  std::string body;
  double height = 0;  // [m]

  static void Describe(VisitOf<HeightGap> visit) {
    visit("body", &HeightGap::body, {.help = "whose height it is", .min_size = 1});
    visit("height", &HeightGap::height,
          {.help = "of its origin, wanted", .unit = "m", .min = -1e3, .max = 1e3});
  }
  void Bind(const Robot& robot) { id_ = robot.Find(mjOBJ_BODY, "body", body); }
  double Value(const RobotState& state) const { return state.data.xpos[3 * id_ + 2] - height; }

 private:
  int id_ = 0;
};
const RegisterReward<KernelReward<HeightGap>> height("height", "a body is at a height");

}  // namespace
}  // namespace anole
