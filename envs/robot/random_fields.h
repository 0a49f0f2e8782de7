// The numbers of a model that [[randomize]] may change.
#pragma once

#include <mujoco/mujoco.h>

#include <string>
#include <vector>

namespace anole {

// Why an element's number is not to be changed, for whom it was named in particular and in short
// for a list of those that a pattern leaves out.
struct Obstacle {
  std::string option, problem;  // as of an OptionError
  std::string brief;            // "mass 0"
};

// A kind of number in a model that may be changed.
struct RandomField {
  std::string name;
  mjtObj kind;    // of the elements that have it
  double lowest;  // physics has no smaller ones
  bool may_be_lowest;
  double (*number)(const mjModel& model, int id);
  // Gives it `number` for `old`, with what depends on it alone. added: as old plus something.
  void (*change)(mjModel& model, int id, double number, double old, bool added);
};

const std::vector<RandomField>& RandomFields();

// What `operation` ("scale", "add", "set") with `value` makes of a number.
double ChangedNumber(const std::string& operation, double number, double value);

// Whether a <contact><pair> of the model's own names a geom. Pairs have a friction of their own.
bool InOwnPair(const mjModel& model, int geom);

// What keeps `operation` from the element; its problem is empty where nothing does.
Obstacle ObstacleOf(const RandomField& field, const mjModel& model, int id,
                    const std::string& operation);

}  // namespace anole
