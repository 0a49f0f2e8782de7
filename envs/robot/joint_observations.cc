// The observation terms of robots' task files that are of joints.
#include <cmath>

#include "envs/robot/quantities.h"
#include "envs/robot/terms.h"

namespace anole {
namespace {

// What has a number, or more, for each of some joints.
class OfJoints : public ObservationTerm {
 public:
  using Options = JointOptions;
  OfJoints(const Options& options, const RobotParts& parts)
      : home_(parts.robot.start.qpos), joints_(parts.robot.FindJoints("joints", options.joints)) {}
  Eigen::Index size() const override { return static_cast<Eigen::Index>(joints_.size()); }

 protected:
  double Position(const RobotState& state, std::size_t i) const {
    return state.data.qpos[state.model.jnt_qposadr[joints_[i]]];
  }
  double Home(const RobotState& state, std::size_t i) const {
    return home_[state.model.jnt_qposadr[joints_[i]]];
  }
  double Velocity(const RobotState& state, std::size_t i) const {
    return state.data.qvel[state.model.jnt_dofadr[joints_[i]]];
  }

 private:
  Vector home_;
  std::vector<int> joints_;
};

class JointPositions : public OfJoints {
 public:
  using OfJoints::OfJoints;
  std::string unit() const override { return "rad or m"; }
  void Write(const RobotState& state, VectorOut numbers) const override {
    for (Eigen::Index i = 0; i < size(); ++i) {
      const auto joint = static_cast<std::size_t>(i);
      numbers[i] = Position(state, joint) - Home(state, joint);
    }
  }
};
const RegisterObservation<JointPositions> joint_positions(
    "joint_positions", "of hinges and slides, from the pose at the start");

class JointVelocities : public OfJoints {
 public:
  using OfJoints::OfJoints;
  std::string unit() const override { return "rad/s or m/s"; }
  void Write(const RobotState& state, VectorOut numbers) const override {
    for (Eigen::Index i = 0; i < size(); ++i) {
      numbers[i] = Velocity(state, static_cast<std::size_t>(i));
    }
  }
};
const RegisterObservation<JointVelocities> joint_velocities("joint_velocities",
                                                            "of hinges and slides");

class JointDirections : public OfJoints {
 public:
  using OfJoints::OfJoints;
  Eigen::Index size() const override { return 2 * OfJoints::size(); }
  void Write(const RobotState& state, VectorOut numbers) const override {
    for (Eigen::Index i = 0; i < OfJoints::size(); ++i) {
      const double angle = Position(state, static_cast<std::size_t>(i));
      numbers[2 * i] = std::cos(angle);
      numbers[2 * i + 1] = std::sin(angle);
    }
  }
};
const RegisterObservation<JointDirections> joint_directions(
    "joint_directions", "cosine and sine of hinges that turn all the way round");

}  // namespace
}  // namespace anole
