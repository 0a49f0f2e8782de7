// The conditions of robots' task files: what ends an episode, and what its success is.
#include <cmath>
#include <numbers>
#include <utility>

#include "envs/robot/quantities.h"
#include "envs/robot/terms.h"

namespace anole {
namespace {

class OutsideHeight : public Condition {
 public:
  struct Options {
    std::string body;
    std::vector<double> range;  // [m]
    static void Describe(VisitOf<Options> visit) {
      visit("body", &Options::body, {.help = "whose height it is", .min_size = 1});
      visit("range", &Options::range,
            {.help = "lowest and highest place of its origin",
             .unit = "m",
             .min = -1e3,
             .max = 1e3,
             .min_size = 2,
             .max_size = 2});
    }
  };
  OutsideHeight(const Options& options, const RobotParts& parts)
      : body_(parts.robot.Find(mjOBJ_BODY, "body", options.body)), range_(options.range) {
    CheckRange("range", range_);
  }
  bool Holds(const RobotState& state) const override {
    const double height = state.data.xpos[3 * body_ + 2];
    return !(range_[0] <= height && height <= range_[1]);
  }

 private:
  int body_;
  std::vector<double> range_;
};
const RegisterCondition<OutsideHeight> outside_height("height",
                                                      "a body is outside a range of heights");

class Tilt : public Condition {
 public:
  struct Options {
    std::string body;
    double degrees = 60;
    static void Describe(VisitOf<Options> visit) {
      visit("body", &Options::body, {.help = "that should be upright", .min_size = 1});
      visit("degrees", &Options::degrees,
            {.help = "largest tilt", .unit = "deg", .min = 0, .max = 180});
    }
  };
  Tilt(const Options& options, const RobotParts& parts)
      : body_(parts.robot.Find(mjOBJ_BODY, "body", options.body)),
        cosine_(std::cos(options.degrees * std::numbers::pi / 180)) {}
  bool Holds(const RobotState& state) const override {
    return -ProjectedGravity(state, body_).z() < cosine_;
  }

 private:
  int body_;
  double cosine_;
};
const RegisterCondition<Tilt> tilt("tilt", "a body leans more than it may");

class Touch : public Condition {
 public:
  using Options = Touching;
  Touch(Options options, const RobotParts& parts) : touching_(std::move(options)) {
    touching_.Bind(parts.robot);
  }
  bool Holds(const RobotState& state) const override { return touching_.Count(state) > 0; }

 private:
  Touching touching_;
};
const RegisterCondition<Touch> touch("contact", "one of some bodies touches anything");

class OutsideJointRange : public Condition {
 public:
  struct Options {
    std::string joints;
    std::vector<double> range;
    static void Describe(VisitOf<Options> visit) {
      visit("joints", &Options::joints,
            {.help = "hinges and slides: names or patterns", .min_size = 1});
      visit("range", &Options::range,
            {.help = "lowest and highest place",
             .unit = "rad or m",
             .min = -1e6,
             .max = 1e6,
             .min_size = 2,
             .max_size = 2});
    }
  };
  OutsideJointRange(const Options& options, const RobotParts& parts)
      : joints_(parts.robot.FindJoints("joints", options.joints)), range_(options.range) {
    CheckRange("range", range_);
  }
  bool Holds(const RobotState& state) const override {
    for (const int joint : joints_) {
      const double place = state.data.qpos[state.model.jnt_qposadr[joint]];
      if (!(range_[0] <= place && place <= range_[1])) return true;
    }
    return false;
  }

 private:
  std::vector<int> joints_;
  std::vector<double> range_;
};
const RegisterCondition<OutsideJointRange> outside_range("joint_range",
                                                         "a joint is outside its range");

class Near : public Condition {
 public:
  struct Options {
    Distance distance;
    double within = 0.1;  // [m]
    static void Describe(VisitOf<Options> visit) {
      visit(&Options::distance);
      visit("within", &Options::within,
            {.help = "of the target", .unit = "m", .max = 1e6, .positive = true});
    }
  };
  Near(const Options& options, const RobotParts& parts)
      : distance_(options.distance), within_(options.within) {
    distance_.Bind(parts.robot);
  }
  bool Holds(const RobotState& state) const override { return distance_.Value(state) < within_; }
  const Distance* distance() const override { return &distance_; }

 private:
  Distance distance_;
  double within_;
};
const RegisterCondition<Near> near_target("distance", "a site or body is near a target");

class Tracks : public Condition {
 public:
  struct Options {
    VelocityError error;
    double within = 0.1;
    static void Describe(VisitOf<Options> visit) {
      visit(&Options::error);
      visit("within", &Options::within, {.help = "of the command", .max = 1e6, .positive = true});
    }
  };
  Tracks(const Options& options, const RobotParts& parts)
      : error_(options.error), within_(options.within) {
    error_.Bind(parts.robot);
  }
  bool Holds(const RobotState& state) const override {
    return std::abs(error_.Value(state)) < within_;
  }

 private:
  VelocityError error_;
  double within_;
};
const RegisterCondition<Tracks> tracks("track_velocity", "a body's velocity is as commanded");

}  // namespace
}  // namespace anole
