#include "envs/robot/push.h"

#include <cmath>
#include <numbers>

#include "configs/user_error.h"
#include "envs/phased_range.h"
#include "envs/robot/free_body.h"

namespace anole {

void PushOptions::Describe(VisitOf<PushOptions> visit) {
  visit("body", &PushOptions::body, {.help = "with a <freejoint>", .min_size = 1});
  visit("every", &PushOptions::every,
        {.help = "shortest and longest time between two pushes, and to the first one",
         .unit = "s",
         .max = 1e6,
         .positive = true,
         .min_size = 2,
         .max_size = 2});
  visit("steady", &PushOptions::steady,
        {.help = "whether that time is drawn once in each episode, not for each push"});
  visit("speed", &PushOptions::speed,
        {.help = "least and largest velocity that a push adds, in any direction over the ground",
         .unit = "m/s",
         .min = 0,
         .max = 1e3,
         .min_size = 2,
         .max_size = 2});
  visit("lift", &PushOptions::lift,
        {.help = "and up or down within +- this", .unit = "m/s", .min = 0, .max = 1e3});
  visit("spin", &PushOptions::spin,
        {.help = "and to its rotation about each of its axes within +- this",
         .unit = "rad/s",
         .min = 0,
         .max = 1e3});
}

Push::Push(const PushOptions& options, const Robot& robot) : options_(options) {
  CheckRange("every", options.every);
  CheckRange("speed", options.speed);
  const mjModel& model = *robot.model;
  const int body = robot.Find(mjOBJ_BODY, "body", options.body);
  const int joint = FreeJointOf(model, body);
  if (joint < 0) {
    throw OptionError("body", "has no <freejoint>: what is held cannot be pushed away");
  }
  velocity_ = model.jnt_dofadr[joint];
}

double Push::NextIn(Rng& rng, double& pause) const {
  if (!options_.steady || pause == 0) pause = rng.Uniform(options_.every[0], options_.every[1]);
  return pause;
}

void Push::Apply(Rng& rng, mjData& data) const {
  const double speed = rng.Uniform(options_.speed[0], options_.speed[1]);
  const double angle = rng.Uniform(0, 2 * std::numbers::pi);
  data.qvel[velocity_] += speed * std::cos(angle);
  data.qvel[velocity_ + 1] += speed * std::sin(angle);
  const double lift = options_.lift, spin = options_.spin;
  if (lift > 0) data.qvel[velocity_ + 2] += rng.Uniform(-lift, lift);
  for (int axis = 3; spin > 0 && axis < 6; ++axis) {
    data.qvel[velocity_ + axis] += rng.Uniform(-spin, spin);
  }
}

}  // namespace anole
