// How task files name parts of a model: by name, by pattern, by number.
#pragma once

#include <mujoco/mujoco.h>

#include <functional>
#include <string>
#include <vector>

namespace anole {

// "body", "joint" ...
std::string KindText(mjtObj kind);

// What an element is called in messages and task files: its name, or "#3" where it has none.
std::string ElementName(const mjModel& model, mjtObj kind, int id);

// "thigh*, torso" -> {"thigh*", "torso"}. A backslash takes the next character as it is.
std::vector<std::string> SplitList(const std::string& text);

// The id of what is exactly called `name`, or "#3": the one of that number. -1: none.
int IdOf(const mjModel& model, mjtObj kind, const std::string& name);

// "; did you mean 'x'?" or "; known: a, b"; what it says can be written into a task file.
std::string ElementSuggestion(const mjModel& model, mjtObj kind, const std::string& word);

// An element that a list of patterns has chosen.
struct ChosenElement {
  int id = 0;
  bool by_name = false;  // it was meant in particular, not by a pattern that others match, too
};

// All elements that `patterns` chooses, "thigh*, torso", in the model's order:
//   what is exactly the name of an element names it, whatever characters it has
//   * ? [ ] are wildcards; "#3" is the element of that number, from 0
//   body:PATTERN, where geoms are chosen, means those of the bodies that match
// eligible: of what patterns may choose; all where empty. Throws OptionError of `option` where a
// word chooses nothing.
std::vector<ChosenElement> ChooseElements(const mjModel& model, const std::string& model_name,
                                          mjtObj kind, const std::string& option,
                                          const std::string& patterns,
                                          const std::function<bool(int)>& eligible = {});

}  // namespace anole
