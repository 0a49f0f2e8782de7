#include "envs/robot/actions.h"

#include <algorithm>
#include <cstddef>

#include "configs/user_error.h"

namespace anole {
namespace {

// Whether its force grows with the distance of its joint from the control.
bool IsServo(const mjModel& model, int actuator) {
  return model.actuator_biastype[actuator] == mjBIAS_AFFINE &&
         model.actuator_biasprm[mjNBIAS * actuator + 1] < 0;
}

}  // namespace

void ActionOptions::Describe(OptionVisitor& visit) {
  visit("actuators", actuators, {.help = "names or patterns, \"hip*, knee*\"", .min_size = 1});
  visit("kind", kind,
        {.help = "control: offset + scale * action; position: the joint's target is where it is at "
                 "the start + scale * action",
         .choices = {"control", "position"}});
  visit("scale", scale, {.help = "of an action in +-1", .min = -1e6, .max = 1e6});
  if (kind == "control" || visit.everything()) {
    visit("offset", offset, {.help = "the control of action 0", .min = -1e6, .max = 1e6});
  }
  if (kind == "position" || visit.everything()) {
    visit("stiffness", stiffness,
          {.help = "torque of a motor per rad (or m) off the target; 0: the actuator is a servo",
           .min = 0,
           .max = 1e9});
    visit("damping", damping,
          {.help = "torque of a motor against each rad/s (or m/s)", .min = 0, .max = 1e9});
  }
}

ActionGroup::ActionGroup(const ActionOptions& options, const Robot& robot)
    : options_(options), actuators_(robot.FindAll(mjOBJ_ACTUATOR, "actuators", options.actuators)) {
  if (options.scale == 0) throw OptionError("scale", "must not be 0: no action would do anything");
  if (options.kind != "position") return;
  const mjModel& model = *robot.model;
  home_.resize(static_cast<Eigen::Index>(actuators_.size()));
  for (std::size_t i = 0; i < actuators_.size(); ++i) {
    const int actuator = actuators_[i];
    const std::string name = NameOf(model, mjOBJ_ACTUATOR, actuator);
    const int joint = model.actuator_trnid[2 * actuator];
    if (model.actuator_trntype[actuator] != mjTRN_JOINT ||
        (model.jnt_type[joint] != mjJNT_HINGE && model.jnt_type[joint] != mjJNT_SLIDE)) {
      throw OptionError("kind", "actuator '" + name + "' moves no hinge or slide");
    }
    if (IsServo(model, actuator) != (options.stiffness == 0)) {
      throw OptionError(
          options.stiffness == 0 ? "kind" : "stiffness",
          "actuator '" + name + "' is " +
              (options.stiffness == 0 ? "a motor, which needs a stiffness to hold a position"
                                      : "a servo, which has a stiffness of its own in the model"));
    }
    positions_.push_back(model.jnt_qposadr[joint]);
    velocities_.push_back(model.jnt_dofadr[joint]);
    home_[static_cast<Eigen::Index>(i)] = robot.home[positions_.back()];
  }
}

void ActionGroup::Apply(const mjModel& model, VectorIn actions, mjData& data) const {
  const bool position = options_.kind == "position";
  for (std::size_t i = 0; i < actuators_.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    const int actuator = actuators_[i];
    double control = (position ? home_[row] : options_.offset) + options_.scale * actions[row];
    if (position && options_.stiffness > 0) {
      control = (options_.stiffness * (control - data.qpos[positions_[i]]) -
                 options_.damping * data.qvel[velocities_[i]]) /
                model.actuator_gear[std::ptrdiff_t{6} * actuator];
    }
    if (model.actuator_ctrllimited[actuator] != 0) {
      const mjtNum* const range = model.actuator_ctrlrange + std::ptrdiff_t{2} * actuator;
      control = std::clamp(control, range[0], range[1]);
    }
    data.ctrl[actuator] = control;
  }
}

}  // namespace anole
