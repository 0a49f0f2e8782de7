// What the numbers of a family's observations and actions are: for whoever runs its policies
// outside the simulation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace anole {

// Consecutive numbers of an observation: measured, times `scale`, clipped to +-`clip`.
struct ObservationPart {
  std::string name;  // "joint_positions", or of mjData "qpos[1:9]"
  std::string unit;  // before the scale; empty: none, or said by the name
  std::int64_t size = 0;
  double scale = 1;
  double clip = std::numeric_limits<double>::infinity();
  std::int64_t history = 1;  // so many of them side by side, the newest first [control steps]
  // How old the newest is [control steps]: the same in all episodes, or drawn in each.
  std::int64_t delay = 0, delay_most = 0;
  // What stands for what was before an episode: zeros, or its first numbers.
  bool zero_padding = false;
};

// One number of an action. With a = action / FamilySpec::action_range, clipped to +-1, it asks for
// offset + scale * a.
struct ActionPart {
  std::string actuator;
  std::string quantity = "control";  // what is asked for: a control, or the place to hold
  std::string unit;                  // of that; empty: the model does not say
  double offset = 0, scale = 1;
  // Where a motor is to hold a place, what is asked of it is a force:
  // stiffness * (place - q) - damping * q'.
  double stiffness = 0, damping = 0;
  // The actuator's control is control_offset + control_factor * what is asked of it, then clipped
  // to these; infinite: not at all.
  double control_offset = 0, control_factor = 1;
  double lowest_control = -std::numeric_limits<double>::infinity();
  double highest_control = std::numeric_limits<double>::infinity();
  std::size_t rule = 0;  // of FamilySpec::action_rules, where the family has some
};

// What a file of the user's own says of some numbers of an action.
struct ActionRule {
  std::vector<std::pair<std::string, std::string>> options;  // all of them: {"kind", "\"control\""}
  // Where its numbers do not command one actuator each: those that they command, as if each had a
  // number of its own.
  std::vector<ActionPart> actuators;
  std::vector<std::pair<std::string, std::vector<double>>> numbers;  // what else is to be known
};

}  // namespace anole
