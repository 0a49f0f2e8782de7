// What MuJoCo's actuators make of their controls: which numbers of data.ctrl are theirs, and which
// control holds a joint at a place.
//
// Force of an actuator, in nearly all cases (after a lag, if it has an activation):
//   f = gain * control + constant + per_length * length + per_velocity * velocity
// Its length is gear times what it moves: a joint, a tendon, a site as seen from another one.
#pragma once

#include <mujoco/mujoco.h>

#include <string>
#include <utility>
#include <vector>

#include "envs/robot/robot.h"

namespace anole {

// A control of an actuator.
struct ActuatorInput {
  int address = 0;   // of data.ctrl
  std::string name;  // the actuator's or, of several inputs, "wrist.pos"
};

// All controls of an actuator, each a number of its own. Throws OptionError of "actuators" where
// they are none, as a quaternion's.
std::vector<ActuatorInput> InputsOf(const mjModel& model, int actuator);

// What a control is clipped to, lowest and highest; infinite where the model does not limit it.
std::pair<double, double> ControlLimits(const mjModel& model, int address);

// Whether the model's <option actuatorgroupdisable> switches it off.
bool IsDisabled(const mjModel& model, int actuator);

// How a control holds what an actuator moves at a place, exactly where nothing else pulls at it:
//   of a servo:  control = offset + factor * place
//   of a motor:  control = offset + factor * force, force = stiffness * (place - q) - damping * q'
struct PositionCommand {
  ActuatorInput input;
  bool servo = false;
  double offset = 0, factor = 1;
  std::string what;   // "" for a joint; else of which the place is: "length of tendon 'split'"
  double home = 0;    // the place at the start [rad or m]
  int position = -1;  // address of qpos, where it moves a joint
  int velocity = -1;  // address of qvel
};

// stiff: whether the action has a stiffness, as motors need and servos must not have. Throws
// OptionError, with the reason, of an actuator that no control holds at a place.
PositionCommand CommandPosition(const Robot& robot, int actuator, bool stiff);

// Puts the control of a servo of a joint to what holds it where qpos has it.
void HoldJoint(const PositionCommand& servo, mjData& data);

// The servos among the actuators that hold one of some joints, by their ids.
std::vector<PositionCommand> ServosOf(const Robot& robot, const std::vector<int>& joints);

}  // namespace anole
