// The numbers of a model that [[randomize]] may change.
#pragma once

#include <mujoco/mujoco.h>

#include <string>
#include <vector>

#include "configs/words.h"

namespace anole {

// What a value does to a number of the model.
enum class Operation { kScale, kAdd, kSet };

constexpr auto WordsOf(Operation) {
  return Words<Operation>(
      {{Operation::kScale, "scale"}, {Operation::kAdd, "add"}, {Operation::kSet, "set"}});
}

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
  // See ObstacleOf.
  struct Element {
    const mjModel& model;
    int id;
    std::string name;
  };
  Obstacle (*obstacle)(const RandomField& field, const Element& element, Operation operation);
  // Of a friction: which of the five of a <pair> go with it.
  int first_of_pair = 0, count_of_pair = 0;

  bool has_elements() const { return kind != mjOBJ_MODEL; }  // or is the world's
};

const std::vector<RandomField>& RandomFields();

// What `operation` with `value` makes of a number.
double ChangedNumber(Operation operation, double number, double value);

// What keeps `operation` from the element; its problem is empty where nothing does.
Obstacle ObstacleOf(const RandomField& field, const mjModel& model, int id, Operation operation);

}  // namespace anole
