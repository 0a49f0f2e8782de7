// The terms of robots' task files that are about feet. What feet do while they are in the
// air or on the ground shapes a gait.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "configs/user_error.h"
#include "envs/robot/kernel_reward.h"
#include "envs/robot/quantities.h"
#include "envs/robot/terms.h"

namespace anole {
namespace {

// How fast the origin of a body or site moves over the ground [m/s].
double SpeedOverGround(const RobotState& state, mjtObj kind, int id) {
  Eigen::Matrix<double, 6, 1> motion;
  mj_objectVelocity(&state.model, &state.data, kind, id, motion.data(), 0);
  return motion.segment<2>(3).norm();
}

class Slip : public RewardTerm {
 public:
  using Options = Touching;
  Slip(Options options, const RobotParts& parts) : touching_(std::move(options)) {
    touching_.Bind(parts.robot);
  }
  std::string unit() const override { return "m2/s2"; }
  double Value(const RobotState& state) const override {
    double sum = 0;
    for (const int body : touching_.ids()) {
      if (!touching_.Touches(state, body)) continue;
      const double speed = SpeedOverGround(state, mjOBJ_XBODY, body);
      sum += speed * speed;
    }
    return -sum;
  }

 private:
  Touching touching_;
};
const RegisterReward<Slip> slip("slip",
                                "minus the squared speed over the ground of bodies that touch");

class Clearance : public RewardTerm {
 public:
  struct Options {
    std::string sites;
    double height = 0.1;  // [m]
    static void Describe(VisitOf<Options> visit) {
      visit("sites", &Options::sites,
            {.help = "on the feet: names or patterns, \"*_foot\"", .min_size = 1});
      visit("height", &Options::height,
            {.help = "at which they are to swing", .unit = "m", .min = -1e3, .max = 1e3});
    }
  };
  Clearance(const Options& options, const RobotParts& parts)
      : sites_(parts.robot.FindAll(mjOBJ_SITE, "sites", options.sites)), height_(options.height) {}
  double Value(const RobotState& state) const override {
    double sum = 0;
    for (const int site : sites_) {
      const double error = std::abs(state.data.site_xpos[3 * site + 2] - height_);
      sum += error * SpeedOverGround(state, mjOBJ_SITE, site);
    }
    return -sum;
  }

 private:
  std::vector<int> sites_;
  double height_;
};
const RegisterReward<Clearance> clearance(
    "clearance", "minus how far feet are from a height, times their speed over the ground");

// How long each of some bodies has touched nothing [s], and then, of the control step in which one
// touches down, minus that.
class TimeInAir : public KeptNumbers {
 public:
  TimeInAir(Touching touching, double control_dt)
      : touching_(std::move(touching)), control_dt_(control_dt) {}
  Eigen::Index size() const override { return touching_.size(); }
  void Begin(const RobotState& /*state*/, VectorOut numbers) const override { numbers.setZero(); }
  void Advance(const RobotState& state, VectorOut numbers) const override {
    for (Eigen::Index i = 0; i < size(); ++i) {
      const double before = std::max(numbers[i], 0.0);
      const bool touches = touching_.Touches(state, touching_.ids()[static_cast<std::size_t>(i)]);
      numbers[i] = touches ? -before : before + control_dt_;
    }
  }

 private:
  Touching touching_;
  double control_dt_;
};

class AirTime : public RewardTerm {
 public:
  struct Options {
    Touching feet;
    double wanted = 0.5;  // [s]
    double most = 1e6;    // [s]
    static void Describe(VisitOf<Options> visit) {
      visit(&Options::feet);
      visit("wanted", &Options::wanted,
            {.help = "time in the air that neither earns nor costs",
             .unit = "s",
             .min = 0,
             .max = 1e3});
      visit("most", &Options::most,
            {.help = "what is beyond that earns nothing more", .unit = "s", .min = 0, .max = 1e6});
    }
  };
  AirTime(const Options& options, const RobotParts& parts)
      : feet_(BoundTo(parts.robot, options.feet)),
        first_(parts.Keep<TimeInAir>(feet_, parts.control_dt)),
        wanted_(options.wanted),
        most_(options.most) {}
  std::string unit() const override { return "s"; }
  double Value(const RobotState& state) const override {
    double sum = 0;
    for (const double time : state.kept.segment(first_, feet_.size())) {
      if (time < 0) sum += std::min(-time, most_) - wanted_;
    }
    return sum;
  }
  Bounds bounds() const override {
    return {-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
  }

 private:
  Touching feet_;
  Eigen::Index first_;
  double wanted_, most_;
};
const RegisterReward<AirTime> air_time(
    "air_time", "how much longer than wanted each foot was in the air that now touches down");

class ObservedAirTime : public ObservationTerm {
 public:
  using Options = Touching;
  ObservedAirTime(Options options, const RobotParts& parts)
      : feet_(BoundTo(parts.robot, std::move(options))),
        first_(parts.Keep<TimeInAir>(feet_, parts.control_dt)) {}
  Eigen::Index size() const override { return feet_.size(); }
  std::string unit() const override { return "s"; }
  void Write(const RobotState& state, VectorOut numbers) const override {
    numbers = state.kept.segment(first_, size()).cwiseMax(0);
  }

 private:
  Touching feet_;
  Eigen::Index first_;
};
const RegisterObservation<ObservedAirTime> observed_air_time(
    "air_time", "how long each of some bodies has touched nothing");

// The height at which a foot is to be now, of feet that swing in turn.
struct GaitError {
  std::string sites;
  double period = 0.5;  // [s]
  std::vector<double> phases;
  double height = 0.1;  // [m]
  double ground = 0;    // [m]

  static void Describe(VisitOf<GaitError> visit) {
    visit("sites", &GaitError::sites,
          {.help = "on the feet: names or patterns, \"*_foot\"", .min_size = 1});
    visit("period", &GaitError::period,
          {.help = "of a stride", .unit = "s", .max = 1e3, .positive = true});
    visit("phases", &GaitError::phases,
          {.help = "of the stride in which each begins to swing, for half of it, in the model's "
                   "order: [0, 0.5, 0.5, 0] is a trot",
           .min = 0,
           .max = 1,
           .min_size = 1});
    visit("height", &GaitError::height,
          {.help = "in the middle of a swing", .unit = "m", .min = 0, .max = 1e3});
    visit("ground", &GaitError::ground,
          {.help = "their height while they stand", .unit = "m", .min = -1e3, .max = 1e3});
  }
  void Bind(const Robot& robot) {
    ids_ = robot.FindAll(mjOBJ_SITE, "sites", sites);
    if (phases.size() == ids_.size()) return;
    throw OptionError("phases",
                      "must be " + std::to_string(ids_.size()) + " numbers, one for each site");
  }
  // [m], the root of the sum over the feet of squares.
  double Value(const RobotState& state) const {
    double squares = 0;
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      const double turns = state.data.time / period - phases[i];
      const double swing = std::sin(2 * std::numbers::pi * (turns - std::floor(turns)));
      const double wanted = ground + height * std::max(swing, 0.0);
      const double error = state.data.site_xpos[3 * ids_[i] + 2] - wanted;
      squares += error * error;
    }
    return std::sqrt(squares);
  }

 private:
  std::vector<int> ids_;
};
const RegisterReward<KernelReward<GaitError>> gait(
    "gait", "feet swing in turn, each at its phase of the stride");

}  // namespace
}  // namespace anole
