// What several terms measure: a body's velocity, a distance, contacts. Each is options and, once
// bound to a robot, a number.
#pragma once

#include <string>
#include <vector>

#include "envs/model_part.h"
#include "envs/robot/terms.h"

namespace anole {

struct JointOptions {
  std::string joints = "*";
  void Describe(OptionVisitor& visit);
};

// One component of the velocity of a body's origin [m/s], or of its rotation [rad/s].
struct BodyVelocity {
  std::string body;
  std::string axis = "x";  // x, y, z, roll, pitch, yaw
  std::string frame = "world";

  void Describe(OptionVisitor& visit);
  void Bind(const Robot& robot);
  std::string unit() const { return component_ < 3 ? "rad/s" : "m/s"; }
  ModelPart part() const { return {mjOBJ_BODY, id_}; }
  double Value(const RobotState& state) const;

 private:
  int id_ = 0;
  int component_ = 0;  // of MuJoCo's spatial vectors: rotation first
};

// How much faster a body is than a command says.
struct VelocityError {
  std::string command;
  BodyVelocity velocity;

  void Describe(OptionVisitor& visit);
  void Bind(const Robot& robot);
  double Value(const RobotState& state) const { return velocity.Value(state) - state.task[row_]; }

 private:
  Eigen::Index row_ = 0;
};

// (rotation, translation) of a body's origin, in its own axes or the world's.
Eigen::Matrix<double, 6, 1> VelocityOf(const RobotState& state, int body, bool local);

// The direction of gravity in a body's own axes: (0, 0, -1) where it is upright.
Eigen::Vector3d ProjectedGravity(const RobotState& state, int body);

// From a site or body to a target: one to three commands (x, y, z in the world), or a site or body.
struct Distance {
  std::string of;
  std::string target;

  void Describe(OptionVisitor& visit);
  void Bind(const Robot& robot);
  double Value(const RobotState& state) const;  // [m]; along as many axes as there are commands

  const ModelPart& thing() const { return thing_; }  // `of`
  const TaskPoint& place() const { return place_; }  // `target`

 private:
  ModelPart thing_;
  TaskPoint place_;
};

// How an error of any size becomes a reward.
struct Kernel {
  std::string shape = "absolute";  // -|e|, squared: -e^2, exponential: exp(-(e / tolerance)^2)
  double tolerance = 0.25;

  void Describe(OptionVisitor& visit);
  double operator()(double error) const;
  Bounds bounds() const;
};

// How many of some bodies touch anything.
struct Touching {
  std::string bodies;

  void Describe(OptionVisitor& visit);
  void Bind(const Robot& robot);
  Eigen::Index size() const { return static_cast<Eigen::Index>(ids_.size()); }
  void Write(const RobotState& state, VectorOut touches) const;  // 1 for each that does, or 0
  int Count(const RobotState& state) const;

 private:
  bool Touches(const RobotState& state, int body) const;
  std::vector<int> ids_;
};

}  // namespace anole
