// The strength of actuators: a number that all of their force is proportional to.
#pragma once

#include <mujoco/mujoco.h>

#include <string>

namespace anole {

// What the force of an actuator is proportional to: the gain of a motor, kp of a servo, the peak
// force of a muscle (or the scale that MuJoCo computes it from).
double StrengthOf(const mjModel& model, int actuator);

// Makes its force `factor` times what it was, whatever its control and state are: gain, bias and
// what limits the force, its own range and, where no other actuator acts there, that of its joint
// or tendon.
void ScaleForce(mjModel& model, int actuator, double factor);

// Why that is not possible, after "actuator 'x' "; "" where it is.
std::string WhyNoStrength(const mjModel& model, int actuator);

}  // namespace anole
