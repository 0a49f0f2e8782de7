// What the terms of a robot's task file are: observations, rewards and conditions. Each is
// registered by name in a .cc file beside this one (rewards.cc, feet.cc, sensor_terms.cc) and
// chosen by `term = "NAME"`.
#pragma once

#include <mujoco/mujoco.h>

#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "configs/registry.h"
#include "envs/linear_algebra.h"
#include "envs/robot/robot.h"

namespace anole {

// An episode as terms see it: between control steps, all that derives from qpos and qvel is of now.
struct RobotState {
  const mjModel& model;
  const mjData& data;
  VectorIn commands;  // (commands), as they are now
  VectorIn action;    // (action_dim) of the last control step, clipped to +-1; zeros at first
  VectorIn previous_action;  // (action_dim) of the one before
  VectorIn earlier_action;   // (action_dim) of the one before that
  VectorIn motions;          // (Motion::kKept for each of them): what this episode has drawn
  VectorIn kept;             // what KeptNumbers keep, at the places that RobotParts::Keep has told
  bool terminated = false;   // by this step
  bool success = false;      // the conditions of success hold
};

// Numbers that a term keeps from control step to control step, as how long a foot has been in the
// air. Const and thread-safe, as terms are: the numbers belong to the episode.
class KeptNumbers {
 public:
  virtual ~KeptNumbers() = default;
  virtual Eigen::Index size() const = 0;
  // numbers: (size). Begin: in the first state of an episode; Advance: after each control step,
  // before any term looks at them. Of `state.kept` only what was kept before them is of then, and
  // what is below it means nothing yet.
  virtual void Begin(const RobotState& state, VectorOut numbers) const = 0;
  virtual void Advance(const RobotState& state, VectorOut numbers) const = 0;
  // After other commands have been drawn, or something has been put elsewhere, which is no motion:
  // brings what is of now up to that; what is of before stays.
  virtual void Refresh(const RobotState& /*state*/, VectorOut /*numbers*/) const {}

  // Whether it looks at the state after each physics step. Then BeginStep comes before them and
  // Within after each of them, before Advance, which has nothing left to do.
  virtual bool looks_within() const { return false; }
  virtual void BeginStep(VectorOut /*numbers*/) const {}
  virtual void Within(const RobotState& /*state*/, VectorOut /*numbers*/) const {}
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

// All kept numbers of a task, one after another.
class KeptList {
 public:
  Eigen::Index memory_size() const { return looks_within_ ? 2 * size_ : size_; }  // of `kept`
  Eigen::Index Add(std::unique_ptr<KeptNumbers> numbers);  // returns where they begin
  void Begin(const RobotState& state, VectorOut kept) const;
  void Advance(const RobotState& state, VectorOut kept) const;
  void Refresh(const RobotState& state, VectorOut kept) const;  // what is of now

  // Where some look within control steps: before the first physics step, and after each but the
  // last, after which Advance comes. What the others keep is then as if the control step ended
  // there.
  bool looks_within() const { return looks_within_; }
  void BeginStep(VectorOut kept) const;
  void Within(const RobotState& state, VectorOut kept) const;

 private:
  void GoBack(VectorOut kept) const;  // to what it was when the control step began
  // act: (numbers, their part of `kept`) -> nothing.
  void ForEach(VectorOut kept, const auto& act) const;

  Eigen::Index size_ = 0;
  bool looks_within_ = false;
  std::vector<std::unique_ptr<const KeptNumbers>> all_;
};

class FormulaNode;  // formula.h
using Formulas = std::map<std::string, std::shared_ptr<const FormulaNode>, std::less<>>;

// What terms are made of.
struct RobotParts {
  const Robot& robot;
  Eigen::Index action_dim = 0;  // terms of actions have one number for each
  double control_dt = 0;        // [s]
  KeptList& kept;
  const Formulas& formulas;  // of the file, so far
  bool& accelerations;       // set where a term looks at what derives from forces and accelerations

  template <class Numbers, class... Args>
  Eigen::Index Keep(Args&&... args) const {
    return kept.Add(std::make_unique<Numbers>(std::forward<Args>(args)...));
  }
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
