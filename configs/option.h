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

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace anole {

// What a user needs to know of an option. Bounds are inclusive and hold for each element of a list.
// (Every member but help has an initialiser, or g++ warns where a description leaves it out.)
struct OptionInfo {
  std::string_view help;
  std::string_view unit = "";  // NOLINT(readability-redundant-string-init)
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool positive = false;  // excludes zero, where min = 0
  // The allowed words of a string option; empty: any text.
  std::vector<std::string> choices = {};  // NOLINT(readability-redundant-member-init)
  // A string option names a file or folder, from the folder of the file that says so; once read, it
  // is absolute. Empty: none.
  bool path = false;
  std::int64_t min_size = 0;  // the allowed lengths of a list, or of any text
  std::int64_t max_size = std::numeric_limits<std::int64_t>::max();
};

using OptionTarget = std::variant<bool*, std::int64_t*, double*, std::string*,
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
    Visit(name, OptionTarget(&value), info);
  }

 private:
  virtual void Visit(std::string_view name, OptionTarget value, const OptionInfo& info) = 0;
};

}  // namespace anole
