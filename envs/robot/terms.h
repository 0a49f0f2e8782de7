// What the terms of a robot's task file are: observations, rewards and conditions. Each is
// registered by name in a .cc file beside this one (rewards.cc, feet.cc, sensor_terms.cc) and
// chosen by `term = "NAME"`.
#pragma once

#include <mujoco/mujoco.h>

#include <limits>
#include <string>

#include "configs/registry.h"
#include "envs/linear_algebra.h"
#include "envs/robot/robot.h"

namespace anole {

// An episode as terms see it: between control steps, all that derives from qpos and qvel is of now.
struct RobotState {
  const mjModel& model;
  const mjData& data;
  VectorIn task;    // the commands first
  VectorIn action;  // (action_dim) of the last control step, clipped to +-1; zeros at first
  VectorIn previous_action;  // (action_dim) of the one before
  VectorIn earlier_action;   // (action_dim) of the one before that
  bool terminated = false;   // by this step
};

// Of terms without any.
struct NoOptions {
  static void Describe(VisitOf<NoOptions> /*visit*/) {}
};

// Between which all values of a term are.
struct Bounds {
  double lowest, highest;
};

// What a reward may measure; a display (displays.h) shows it.
struct BodyVelocity;  // quantities.h
struct Distance;

// Numbers that the policy sees. Const and thread-safe, as the other two.
class ObservationTerm {
 public:
  virtual ~ObservationTerm() = default;
  virtual Eigen::Index size() const = 0;
  virtual std::string unit() const { return ""; }
  virtual void Write(const RobotState& state, VectorOut numbers) const = 0;  // (size)
};

// A number that is added, times its weight, to the reward of each control step.
class RewardTerm {
 public:
  virtual ~RewardTerm() = default;
  virtual std::string unit() const { return ""; }
  virtual double Value(const RobotState& state) const = 0;
  virtual Bounds bounds() const { return {-std::numeric_limits<double>::infinity(), 0}; }  // a cost
  virtual const BodyVelocity* velocity() const { return nullptr; }  // what it measures, if that
  virtual const Distance* distance() const { return nullptr; }
};

// Something that ends an episode, or that is its success.
class Condition {
 public:
  virtual ~Condition() = default;
  virtual bool Holds(const RobotState& state) const = 0;
  virtual const Distance* distance() const { return nullptr; }  // what it measures, if that
};

// Of the actuators that actions command; terms of actions have one number for each.
struct RobotParts {
  const Robot& robot;
  Eigen::Index action_dim = 0;
};

using ObservationTerms = Registry<ObservationTerm, const RobotParts&>;
using RewardTerms = Registry<RewardTerm, const RobotParts&>;
using Conditions = Registry<Condition, const RobotParts&>;
template <class Term>
using RegisterObservation = Registration<ObservationTerm, Term, const RobotParts&>;
template <class Term>
using RegisterReward = Registration<RewardTerm, Term, const RobotParts&>;
template <class Term>
using RegisterCondition = Registration<Condition, Term, const RobotParts&>;

}  // namespace anole
