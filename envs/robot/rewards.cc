// The reward terms of robots' task files. Costs are negative numbers: weights are positive.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "configs/user_error.h"
#include "envs/robot/quantities.h"
#include "envs/robot/terms.h"

namespace anole {
namespace {

constexpr double kAnything = std::numeric_limits<double>::infinity();

class Velocity : public RewardTerm {
 public:
  using Options = BodyVelocity;
  Velocity(Options options, const RobotParts& parts) : velocity_(std::move(options)) {
    velocity_.Bind(parts.robot);
  }
  std::string unit() const override { return velocity_.unit(); }
  double Value(const RobotState& state) const override { return velocity_.Value(state); }
  Bounds bounds() const override { return {-kAnything, kAnything}; }
  const BodyVelocity* velocity() const override { return &velocity_; }

 private:
  BodyVelocity velocity_;
};
const RegisterReward<Velocity> velocity("velocity", "a body's velocity: the more, the better");

class Upright : public RewardTerm {
 public:
  struct Options {
    std::string body;
    static void Describe(VisitOf<Options> visit) {
      visit("body", &Options::body, {.help = "that is to be upright", .min_size = 1});
    }
  };
  Upright(const Options& options, const RobotParts& parts)
      : body_(parts.robot.Find(mjOBJ_BODY, "body", options.body)) {}
  double Value(const RobotState& state) const override {
    return -ProjectedGravity(state, body_).head<2>().squaredNorm();
  }

 private:
  int body_;
};
const RegisterReward<Upright> upright("orientation", "minus the squared sine of a body's tilt");

class Pose : public RewardTerm {
 public:
  using Options = JointOptions;
  Pose(const Options& options, const RobotParts& parts)
      : home_(parts.robot.start.qpos), joints_(parts.robot.FindJoints("joints", options.joints)) {}
  double Value(const RobotState& state) const override {
    double sum = 0;
    for (const int joint : joints_) {
      const int i = state.model.jnt_qposadr[joint];
      sum += (state.data.qpos[i] - home_[i]) * (state.data.qpos[i] - home_[i]);
    }
    return -sum;
  }

 private:
  Vector home_;
  std::vector<int> joints_;
};
const RegisterReward<Pose> pose("pose", "minus the squared distance of joints from their start");

class JointVelocity : public RewardTerm {
 public:
  using Options = JointOptions;
  JointVelocity(const Options& options, const RobotParts& parts)
      : joints_(parts.robot.FindJoints("joints", options.joints)) {}
  double Value(const RobotState& state) const override {
    double sum = 0;
    for (const int joint : joints_) {
      const double v = state.data.qvel[state.model.jnt_dofadr[joint]];
      sum += v * v;
    }
    return -sum;
  }

 private:
  std::vector<int> joints_;
};
const RegisterReward<JointVelocity> joint_velocity("joint_velocity",
                                                   "minus the squared velocities of joints");

// Velocities of all joints now and one control step before.
class JointVelocities : public KeptNumbers {
 public:
  explicit JointVelocities(Eigen::Index count) : count_(count) {}
  Eigen::Index size() const override { return 2 * count_; }
  void Begin(const RobotState& state, VectorOut numbers) const override {
    Refresh(state, numbers);
    numbers.tail(count_) = numbers.head(count_);
  }
  void Advance(const RobotState& state, VectorOut numbers) const override {
    numbers.tail(count_) = numbers.head(count_);
    Refresh(state, numbers);
  }
  void Refresh(const RobotState& state, VectorOut numbers) const override {
    numbers.head(count_) = Eigen::Map<const Vector>(state.data.qvel, count_);
  }

 private:
  Eigen::Index count_;
};

class JointAcceleration : public RewardTerm {
 public:
  using Options = JointOptions;
  JointAcceleration(const Options& options, const RobotParts& parts)
      : joints_(parts.robot.FindJoints("joints", options.joints)),
        first_(parts.Keep<JointVelocities>(static_cast<Eigen::Index>(parts.robot.model->nv))),
        control_dt_(parts.control_dt) {}
  double Value(const RobotState& state) const override {
    double sum = 0;
    for (const int joint : joints_) {
      const Eigen::Index i = first_ + state.model.jnt_dofadr[joint];
      const double change = (state.kept[i] - state.kept[i + state.model.nv]) / control_dt_;
      sum += change * change;
    }
    return -sum;
  }

 private:
  std::vector<int> joints_;
  Eigen::Index first_;
  double control_dt_;
};
const RegisterReward<JointAcceleration> joint_acceleration(
    "joint_acceleration", "minus the squared changes of joints' velocities per second");

class JointLimits : public RewardTerm {
 public:
  struct Options {
    JointOptions joints;
    double share = 0.95;
    static void Describe(VisitOf<Options> visit) {
      visit(&Options::joints);
      visit(
          "share", &Options::share,
          {.help = "of a joint's range, about its middle, that costs nothing", .min = 0, .max = 1});
    }
  };
  JointLimits(const Options& options, const RobotParts& parts) {
    const mjModel& model = *parts.robot.model;
    for (const int joint : parts.robot.FindJoints("joints", options.joints.joints)) {
      if (model.jnt_limited[joint] == 0) continue;
      const mjtNum* const range = model.jnt_range + std::ptrdiff_t{2} * joint;
      const double low = range[0], high = range[1];
      limits_.push_back(
          {model.jnt_qposadr[joint], (low + high) / 2, options.share * (high - low) / 2});
    }
    if (limits_.empty()) throw OptionError("joints", "none of these joints has limits");
  }
  double Value(const RobotState& state) const override {
    double sum = 0;
    for (const auto& [place, middle, half] : limits_) {
      sum += std::max(std::abs(state.data.qpos[place] - middle) - half, 0.0);
    }
    return -sum;
  }

 private:
  struct Limit {
    int place;
    double middle, half;
  };
  std::vector<Limit> limits_;
};
const RegisterReward<JointLimits> joint_limits("joint_limits",
                                               "minus how far joints are beyond their soft limits");

class Torque : public RewardTerm {
 public:
  using Options = NoOptions;
  Torque(const Options& /*options*/, const RobotParts& /*parts*/) {}
  double Value(const RobotState& state) const override {
    return -Eigen::Map<const Vector>(state.data.actuator_force, state.model.nout).squaredNorm();
  }
};
const RegisterReward<Torque> torque("torque", "minus the squared forces of all actuators");

class Power : public RewardTerm {
 public:
  using Options = NoOptions;
  Power(const Options& /*options*/, const RobotParts& /*parts*/) {}
  std::string unit() const override { return "W"; }
  double Value(const RobotState& state) const override {
    const Eigen::Map<const Vector> force(state.data.actuator_force, state.model.nout);
    const Eigen::Map<const Vector> speed(state.data.actuator_velocity, state.model.nout);
    return -force.cwiseProduct(speed).cwiseAbs().sum();
  }
};
const RegisterReward<Power> power("power", "minus the work of all actuators per second");

class Effort : public RewardTerm {
 public:
  using Options = NoOptions;
  Effort(const Options& /*options*/, const RobotParts& /*parts*/) {}
  double Value(const RobotState& state) const override { return -state.action.squaredNorm(); }
};
const RegisterReward<Effort> effort("action", "minus the squared clipped action");

class ActionRate : public RewardTerm {
 public:
  using Options = NoOptions;
  ActionRate(const Options& /*options*/, const RobotParts& /*parts*/) {}
  double Value(const RobotState& state) const override {
    return -(state.action - state.previous_action).squaredNorm();
  }
};
const RegisterReward<ActionRate> action_rate("action_rate",
                                             "minus the squared change of the clipped action");

class ActionAcceleration : public RewardTerm {
 public:
  using Options = NoOptions;
  ActionAcceleration(const Options& /*options*/, const RobotParts& /*parts*/) {}
  double Value(const RobotState& state) const override {
    return -(state.action - 2 * state.previous_action + state.earlier_action).squaredNorm();
  }
};
const RegisterReward<ActionAcceleration> action_acceleration(
    "action_acceleration", "minus the squared second difference of the clipped action");

class Contact : public RewardTerm {
 public:
  using Options = Touching;
  Contact(Options options, const RobotParts& parts) : touching_(std::move(options)) {
    touching_.Bind(parts.robot);
  }
  double Value(const RobotState& state) const override { return -touching_.Count(state); }

 private:
  Touching touching_;
};
const RegisterReward<Contact> contact("contact", "minus the number of bodies that touch anything");

class Alive : public RewardTerm {
 public:
  using Options = NoOptions;
  Alive(const Options& /*options*/, const RobotParts& /*parts*/) {}
  double Value(const RobotState& state) const override { return state.terminated ? 0 : 1; }
  Bounds bounds() const override { return {0, 1}; }
};
const RegisterReward<Alive> alive("alive", "1 in each control step that does not end the episode");

}  // namespace
}  // namespace anole
