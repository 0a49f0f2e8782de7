// How a picture of an episode shows what its task asks for, and what the body makes of it.
//
// A display says so in plain data, for whatever paints it: marks in the scene, and numbers beside
// those of the task. A family has one in its FamilySpec; a new way to show a task is one file with
// a class derived from TaskDisplay.
#pragma once

#include <mujoco/mujoco.h>

#include <span>
#include <string>
#include <vector>

#include "envs/linear_algebra.h"
#include "envs/model_part.h"

namespace anole {

// A thing in the scene that is no part of the model.
struct Mark {
  enum class Shape { kArrow, kCapsule, kDisc, kBall, kBox };
  enum class Role { kGoal, kAchieved, kScale };  // whose colour it has

  Shape shape;
  Role role;
  Eigen::Vector3d place;  // [m]: its middle; of an arrow and a capsule the beginning
  Eigen::Vector3d end;    // [m], of an arrow and a capsule
  Eigen::Vector3d size;   // [m]: half sides of a box; radius; radius and half height of a disc
  std::string label;

  static Mark Arrow(Role role, const Eigen::Vector3d& from, const Eigen::Vector3d& to,
                    double radius);
  static Mark Capsule(Role role, const Eigen::Vector3d& from, const Eigen::Vector3d& to,
                      double radius);
  static Mark Disc(Role role, const Eigen::Vector3d& place, double radius, double half_height);
  static Mark Ball(Role role, const Eigen::Vector3d& place, double radius);
  static Mark Box(Role role, const Eigen::Vector3d& place, const Eigen::Vector3d& half_sides,
                  std::string label = "");
};

// A number that compares with the task: "velocity", 1.2, "m/s".
struct Reading {
  std::string name;
  double value = 0;
  std::string unit;
};

// An episode as a display sees it, after some control steps.
struct Moment {
  VectorIn task;
  const mjModel& model;  // that of `data`
  const mjData& data;    // with all positions that follow from the state, as Stage::Show leaves it
  std::span<const Eigen::Vector3d> path;  // of followed(): at the beginning, after each step [m]
  double control_dt = 0;                  // [s]
  double top = 0;                         // of the body, in the model's own pose [m]

  // The mean velocity of followed() over the last `seconds`, or as long as there are [m/s].
  Eigen::Vector3d Velocity(double seconds) const;
};

// Const and thread-safe. This one shows nothing: the task is told in words only.
class TaskDisplay {
 public:
  virtual ~TaskDisplay() = default;

  virtual ModelPart followed() const { return {}; }  // whose way a Moment has
  virtual std::vector<Mark> Marks(const Moment& /*moment*/) const { return {}; }
  virtual std::vector<Reading> Readings(const Moment& /*moment*/) const { return {}; }
};

}  // namespace anole
