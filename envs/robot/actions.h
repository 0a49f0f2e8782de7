// How the numbers of a policy act on a robot. What they mean is their kind, which is registered by
// name in a .cc file beside this one (control_action.cc, mocap_action.cc) and chosen by
// `kind = "NAME"`.
#pragma once

#include <mujoco/mujoco.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "configs/registry.h"
#include "envs/family_interface.h"
#include "envs/linear_algebra.h"
#include "envs/robot/robot.h"

namespace anole {

// One [[action]]: numbers a in +-1 and what they do. Const and thread-safe.
class ActionGroup {
 public:
  virtual ~ActionGroup() = default;

  virtual Eigen::Index size() const = 0;
  virtual std::vector<ActionPart> Interface() const = 0;  // (size)

  // Whose controls it sets, and the mocap bodies that Begin moves: no other [[action]] may.
  virtual const std::vector<int>& actuators() const = 0;
  virtual std::vector<int> mocaps() const { return {}; }

  // actions: (size), clipped to +-1. Begin is called once in each control step, Apply then before
  // each of its physics steps.
  virtual void Begin(const mjModel& /*model*/, VectorIn /*actions*/, mjData& /*data*/) const {}
  virtual void Apply(const mjModel& /*model*/, VectorIn /*actions*/, mjData& /*data*/) const {}

  // Before each physics step while the start settles: what commands motors as servos holds the
  // place of action 0, all else leaves controls as they are.
  virtual void Hold(const mjModel& /*model*/, mjData& /*data*/) const {}

  // What whoever runs it outside the simulation has to know beside its options, which are added.
  virtual ActionRule Rule() const { return {}; }

  // What is probably not meant so, for people.
  virtual std::vector<std::string> Warnings() const { return {}; }
};

using ActionKinds = Registry<ActionGroup, const Robot&>;
template <class Kind>
using RegisterAction = Registration<ActionGroup, Kind, const Robot&>;

// One [[action]] of a file, but for what its kind asks.
struct RobotAction {
  std::string kind = "control";
  std::vector<std::pair<std::string, std::string>> options;  // ActionRule::options
  std::unique_ptr<ActionGroup> made;

  static void Describe(VisitOf<RobotAction> visit);
};

}  // namespace anole
