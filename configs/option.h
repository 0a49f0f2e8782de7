// The option language: an options struct describes each of its fields once, and that
// description serves the TOML file, the command line, --help, validation and the stored config.
//
//   struct InnerOptions {
//     double step_size = 0.3;
//     void Describe(OptionVisitor& visit) {
//       visit("inner.step_size", step_size, {.help = "step of a gradient update", .min = 0});
//     }
//   };
//
// What happens to the field is up to the visitor: reading, writing, listing (see reader.h,
// writer.h, lister.h). A description may depend on values visited before it: once "task.family" is
// read, the options of that family are visited.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "configs/words.h"

namespace anole {

// What an option has a part in. Which commands let a run's options be changed follows from it, see
// MayChangeOnResume and ActsOnAdaptation.
enum class Use {
  kAdaptation,  // what a task is and how it is adapted to, in training as after it
  kPolicy,      // what the parameters are, and how they act
  kStart,       // the initial parameters, and the training that begins with them
  kTraining,    // training alone
  kLength,      // how long training goes on and what it stores: nothing of what it computes
  kEvaluation,  // evaluation alone
};

// Whether a run may be gone on with at another value: it would have been the same up to there.
constexpr bool MayChangeOnResume(Use use) { return use == Use::kLength || use == Use::kEvaluation; }

// Whether another value makes another adaptation of trained parameters, and of the same ones.
constexpr bool ActsOnAdaptation(Use use) {
  return use == Use::kAdaptation || use == Use::kEvaluation;
}

// The files that a path names, of which a run keeps a copy in its folder.
struct KeptFiles {
  struct File {
    std::string place;   // in the copy: "model/leg.stl"
    std::string source;  // absolute; of a folder: only the folder itself
    // Its content in the copy, where that is not the same.
    std::optional<std::string> text = {};  // NOLINT(readability-redundant-member-init)
  };
  std::string entry;  // what the option names in the copy: "robot.toml"
  std::vector<File> files;
};

// What a user needs to know of an option. Bounds are inclusive and hold for each element of a list.
// (Every member but help has an initialiser, or g++ warns where a description leaves it out.)
struct OptionInfo {
  std::string_view help;
  std::string_view unit = "";  // NOLINT(readability-redundant-string-init)
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool positive = false;  // excludes zero, where min = 0
  // The allowed words of a string option, as the names of a registry; empty: any text. An enum has
  // its own, see words.h.
  std::vector<std::string> choices = {};  // NOLINT(readability-redundant-member-init)
  // A string option names a file or folder, from the folder of the file that says so; once read, it
  // is absolute. Empty: none.
  bool path = false;
  // Of a path that what is computed depends on: what a run is to keep of it. Then it does not
  // matter where that lies, and another option tells whether it is the same. Null: nothing.
  const KeptFiles* kept = nullptr;
  std::int64_t min_size = 0;  // the allowed lengths of a list, or of any text
  std::int64_t max_size = std::numeric_limits<std::int64_t>::max();
  Use use = Use::kAdaptation;
  // Says how long an inner step is: what comparisons tune, and tables show.
  bool is_inner_step = false;
};

// An enum of any type, by its words.
struct EnumTarget {
  std::string word;                         // of its value
  std::vector<std::string> words;           // of all values
  std::function<void(std::size_t)> choose;  // gives it the value of words[i]
};

template <class Enum>
EnumTarget TargetOf(Enum& value) {
  EnumTarget target{std::string(WordOf(value)), {}, [&value](std::size_t place) {
                      value = WordsOf(Enum{}).at(place).value;
                    }};
  for (const Word<Enum>& known : WordsOf(value)) target.words.emplace_back(known.word);
  return target;
}

using OptionTarget = std::variant<bool*, std::int64_t*, double*, std::string*, EnumTarget,
                                  std::vector<std::int64_t>*, std::vector<double>*>;

class OptionVisitor {
 public:
  virtual ~OptionVisitor() = default;

  // Whether options are to be visited that do not apply with the values of others (a final value
  // where nothing is scheduled): documentation wants them, a run does not have them.
  virtual bool everything() const { return false; }

  // `name` is "section.option". The target outlives the call only.
  template <class T>
  void operator()(std::string_view name, T& value, const OptionInfo& info) {
    if constexpr (std::is_enum_v<T>) {
      Visit(name, TargetOf(value), info);
    } else {
      Visit(name, &value, info);
    }
  }

 private:
  virtual void Visit(std::string_view name, OptionTarget value, const OptionInfo& info) = 0;
};

}  // namespace anole
