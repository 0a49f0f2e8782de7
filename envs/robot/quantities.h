// What several terms measure: a body's velocity, a distance, contacts. Each is options and, once
// bound to a robot, a number.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "envs/model_part.h"
#include "envs/robot/terms.h"

namespace anole {

struct JointOptions {
  std::string joints = "*";
  static void Describe(VisitOf<JointOptions> visit);
};

// A component of a velocity, in MuJoCo's order.
enum class VelocityAxis { kRoll, kPitch, kYaw, kX, kY, kZ };

constexpr auto WordsOf(VelocityAxis) {
  return Words<VelocityAxis>({{VelocityAxis::kRoll, "roll"},
                              {VelocityAxis::kPitch, "pitch"},
                              {VelocityAxis::kYaw, "yaw"},
                              {VelocityAxis::kX, "x"},
                              {VelocityAxis::kY, "y"},
                              {VelocityAxis::kZ, "z"}});
}

// Whose axes a velocity is told in.
enum class Frame { kWorld, kBody };

constexpr auto WordsOf(Frame) {
  return Words<Frame>({{Frame::kWorld, "world"}, {Frame::kBody, "body"}});
}

// One component of the velocity of a body's origin [m/s], or of its rotation [rad/s].
struct BodyVelocity {
  std::string body;
  VelocityAxis axis = VelocityAxis::kX;
  Frame frame = Frame::kWorld;

  static void Describe(VisitOf<BodyVelocity> visit);
  void Bind(const Robot& robot);
  std::string unit() const { return axis < VelocityAxis::kX ? "rad/s" : "m/s"; }
  ModelPart part() const { return {mjOBJ_BODY, id_}; }
  double Value(const RobotState& state) const;

 private:
  int id_ = 0;
};

// How much faster a body is than a command says.
struct VelocityError {
  std::string command;
  BodyVelocity velocity;

  static void Describe(VisitOf<VelocityError> visit);
  void Bind(const Robot& robot);
  double Value(const RobotState& state) const {
    return velocity.Value(state) - state.commands[row_];
  }

 private:
  Eigen::Index row_ = 0;
};

// (rotation, translation) of a body's origin, of a site or body in the world.
Eigen::Matrix<double, 6, 1> VelocityOf(const RobotState& state, int body, Frame frame);
Eigen::Matrix<double, 6, 1> VelocityOf(const RobotState& state, const ModelPart& part);

// The direction of gravity in a body's own axes: (0, 0, -1) where it is upright.
Eigen::Vector3d ProjectedGravity(const RobotState& state, int body);

// From a site or body to a target: one to three commands (x, y, z in the world), or a site or body.
struct Distance {
  std::string of;
  std::string target;

  static void Describe(VisitOf<Distance> visit);
  void Bind(const Robot& robot);
  double Value(const RobotState& state) const;  // [m]; along as many axes as there are commands
  // By the commands of now, between PlaceOf and TargetOf of another state.
  double Between(const RobotState& state, const Eigen::Vector3d& thing,
                 const Eigen::Vector3d& aim) const;
  Eigen::Vector3d PlaceOf(const RobotState& state) const { return thing_.Place(state.data); }
  Eigen::Vector3d TargetOf(const RobotState& state) const {
    return commands_.empty() ? place_.part.Place(state.data) : Eigen::Vector3d::Zero();
  }

  const ModelPart& thing() const { return thing_; }  // `of`
  // `target`; rows of -1 where commands of it are no rows of a task.
  const TaskPoint& place() const { return place_; }

 private:
  std::vector<Eigen::Index> commands_;
  ModelPart thing_;
  TaskPoint place_;
};

// -|e|, -e^2, exp(-(e / tolerance)^2), or 1 / (1 + 9 (e / tolerance)^2).
enum class KernelShape { kAbsolute, kSquared, kExponential, kLongTail };

constexpr auto WordsOf(KernelShape) {
  return Words<KernelShape>({{KernelShape::kAbsolute, "absolute"},
                             {KernelShape::kSquared, "squared"},
                             {KernelShape::kExponential, "exponential"},
                             {KernelShape::kLongTail, "long_tail"}});
}

// How an error of any size becomes a reward. The long tail is that of dm_control's rewards.
struct Kernel {
  KernelShape shape = KernelShape::kAbsolute;
  double within = 0;
  double tolerance = 0.25;

  static void Describe(VisitOf<Kernel> visit);
  double operator()(double error) const { return Of(error, tolerance); }
  double Of(double error, double own_tolerance) const;
  Bounds bounds() const;
};

// A quantity that is bound to a robot.
template <class Quantity>
Quantity BoundTo(const Robot& robot, Quantity quantity) {
  quantity.Bind(robot);
  return quantity;
}

// A number that a sensor of the model measures: the only one, one of several, or their length.
struct SensorNumber {
  std::string sensor;
  std::int64_t component = -1;  // from 0 on; -1: the only one, or the length of several

  static void Describe(VisitOf<SensorNumber> visit);
  void Bind(const RobotParts& parts);
  double Value(const RobotState& state) const;

 private:
  Eigen::Index start_ = 0, size_ = 0;
};

// (first number, count) of a sensor in mjData::sensordata. Throws OptionError where there is no
// such sensor.
std::pair<int, int> FindSensor(const RobotParts& parts, const std::string& name);

// How many of some bodies touch anything, or one of some others.
struct Touching {
  std::string bodies;
  std::string with;  // empty: anything

  static void Describe(VisitOf<Touching> visit);
  void Bind(const Robot& robot);
  Eigen::Index size() const { return static_cast<Eigen::Index>(ids_.size()); }
  void Write(const RobotState& state, VectorOut touches) const;  // 1 for each that does, or 0
  int Count(const RobotState& state) const;
  const std::vector<int>& ids() const { return ids_; }  // of the bodies
  bool Touches(const RobotState& state, int body) const;

 private:
  std::vector<int> ids_;
  std::vector<bool> others_;  // by body: whether a touch of it counts; none: of all
};

}  // namespace anole
