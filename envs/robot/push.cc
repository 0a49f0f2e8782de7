#include "envs/robot/push.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "configs/user_error.h"
#include "envs/phased_range.h"
#include "envs/robot/free_body.h"

namespace anole {
namespace {

// What an episode keeps of a push, by its places: when the next one comes and how long after it
// another one [s], its speed [m/s] and length, in which control step of it the present one is, and
// the velocity that it gives.
enum Kept { kNext, kPause, kSpeed, kSteps, kStep, kVelocity };
static_assert(kVelocity + 3 == Push::kKept);

}  // namespace

void PushOptions::Describe(VisitOf<PushOptions> visit) {
  visit("body", &PushOptions::body, {.help = "with a <freejoint>", .min_size = 1});
  visit("every", &PushOptions::every,
        {.help = "shortest and longest time from the end of a push to the next, and to the first",
         .unit = "s",
         .max = 1e6,
         .positive = true,
         .min_size = 2,
         .max_size = 2});
  visit("from_begin", &PushOptions::from_begin,
        {.help = "whether that time is counted from the beginning of the push before instead"});
  visit("steady", &PushOptions::steady,
        {.help = "whether that time is drawn once in each episode, not for each push"});
  visit("alike", &PushOptions::alike, {.help = "whether speed and duration are"});
  OptionInfo speed{
      .help = "least and largest velocity that a push adds, in any direction over the ground",
      .unit = "m/s",
      .min = 0,
      .max = 1e3,
      .min_size = 2,
      .max_size = 2};
  const auto speeds = visit.In(&PushOptions::speed);
  speeds("speed", &PhasedRange::range, speed);
  speed.help = "the same as training begins, from easy to hard; []: as speed";
  speed.min_size = 0;
  speeds("start_speed", &PhasedRange::start_range, speed);
  if (const auto where = speeds.Where(!visit->speed.start_range.empty(), "start_speed is set")) {
    Growing::DescribeWhole(where.In(&PhasedRange::growth), Growth::kIterations,
                           "after so many, start_speed has become speed");
    Growing::DescribeSteps(where.In(&PhasedRange::growth));
  }
  visit("duration", &PushOptions::duration,
        {.help = "shortest and longest time for which a force gives it that velocity, as half a "
                 "sine; []: at once",
         .unit = "s",
         .max = 1e3,
         .positive = true,
         .max_size = 2});
  visit("lift", &PushOptions::lift,
        {.help = "and up or down within +- this", .unit = "m/s", .min = 0, .max = 1e3});
  visit("spin", &PushOptions::spin,
        {.help = "and, at once, to its rotation about each of its axes within +- this",
         .unit = "rad/s",
         .min = 0,
         .max = 1e3});
}

Push::Push(const PushOptions& options, const Robot& robot, double control_dt)
    : options_(options), control_dt_(control_dt) {
  CheckRange("every", options.every);
  options.speed.Check("", "speed", Growth::kIterations);
  if (!options.duration.empty()) {
    CheckRange("duration", options.duration);
    if (options.from_begin && options.duration[1] > options.every[0]) {
      throw OptionError("from_begin", "a push may last longer than it is to the next");
    }
    if (options.spin > 0) throw OptionError("spin", "is of pushes at once, without duration");
  }
  const mjModel& model = *robot.model;
  body_ = robot.Find(mjOBJ_BODY, "body", options.body);
  const int joint = FreeJointOf(model, body_);
  if (joint < 0) {
    throw OptionError("body", "has no <freejoint>: what is held cannot be pushed away");
  }
  velocity_ = model.jnt_dofadr[joint];
}

void Push::Begin(std::int64_t iteration, Rng& rng, VectorOut kept) const {
  DrawPause(rng, kept);
  DrawSize(iteration, rng, kept);
  kept[kNext] = kept[kPause];
  kept[kStep] = kept[kSteps];
}

void Push::DrawPause(Rng& rng, VectorOut kept) const {
  kept[kPause] = rng.Uniform(options_.every[0], options_.every[1]);
}

void Push::DrawSize(std::int64_t iteration, Rng& rng, VectorOut kept) const {
  const auto [slow, fast] = options_.speed.In(iteration);
  kept[kSpeed] = rng.Uniform(slow, fast);
  const std::vector<double>& duration = options_.duration;
  kept[kSteps] = 0;
  if (duration.empty()) return;
  kept[kSteps] = std::max(1.0, std::round(rng.Uniform(duration[0], duration[1]) / control_dt_));
}

void Push::Release(mjData& data) const {
  if (!options_.duration.empty()) mju_zero3(data.xfrc_applied + std::ptrdiff_t{6} * body_);
}

bool Push::Apply(double time, Simulation& simulation, VectorOut kept) const {
  Rng& rng = simulation.reset;
  mjData& data = simulation.data;
  constexpr double kRounding = 1e-9;  // [s]: of a time that is a sum of steps
  const bool at_once = options_.duration.empty(), begins = time >= kept[kNext] - kRounding;
  if (begins) {
    if (!options_.steady) DrawPause(rng, kept);
    if (!options_.alike) DrawSize(simulation.iteration, rng, kept);
    DrawVelocity(rng, kept);
    kept[kStep] = 0;
    kept[kNext] = time + kept[kPause];
    if (!options_.from_begin) kept[kNext] += kept[kSteps] * control_dt_;
    if (at_once) AddVelocity(kept, rng, data);
  }
  if (kept[kStep] < kept[kSteps]) AddForce(simulation.model, data, kept);
  return at_once && begins;
}

void Push::DrawVelocity(Rng& rng, VectorOut kept) const {
  const double angle = rng.Uniform(0, 2 * std::numbers::pi), lift = options_.lift;
  auto velocity = kept.segment<3>(kVelocity);
  velocity << kept[kSpeed] * std::cos(angle), kept[kSpeed] * std::sin(angle), 0;
  if (lift > 0) velocity.z() = rng.Uniform(-lift, lift);
}

void Push::AddVelocity(VectorIn kept, Rng& rng, mjData& data) const {
  for (int axis = 0; axis < 3; ++axis) data.qvel[velocity_ + axis] += kept[kVelocity + axis];
  const double spin = options_.spin;
  for (int axis = 3; spin > 0 && axis < 6; ++axis) {
    data.qvel[velocity_ + axis] += rng.Uniform(-spin, spin);
  }
}

// Half a sine over time, at the mass centre of the body: of all that hangs on it, in the end, this
// velocity.
void Push::AddForce(const mjModel& model, mjData& data, VectorOut kept) const {
  const double half = std::numbers::pi / (2 * kept[kSteps]);
  const double share = std::sin(half * (2 * kept[kStep] + 1)) * std::sin(half);
  kept[kStep] += 1;
  Eigen::Map<Eigen::Vector3d> force(data.xfrc_applied + std::ptrdiff_t{6} * body_);
  force += (share * model.body_subtreemass[body_] / control_dt_) * kept.segment<3>(kVelocity);
}

}  // namespace anole
