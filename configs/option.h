// The option language: an options struct describes each of its fields once, and that
// description serves the TOML file, the command line, --help, validation and the stored config.
//
//   struct InnerOptions {
//     double step_size = 0.3;
//
//     static void Describe(VisitOf<InnerOptions> visit) {
//       visit("inner.step_size", &InnerOptions::step_size,
//             {.help = "step of a gradient update", .min = 0});
//     }
//   };
//
//   InnerOptions::Describe({options, visitor});
//
// An OptionVisitor looks at the fields, of const options too (lister.h, writer.h); an OptionSource
// gives them other values (reader.h). A description may depend on values visited before it: once
// "task.family" is read, the options of that family are visited.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
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

inline constexpr std::size_t kMostConditions = 3;  // of an option

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
  // Tells a run from others of the same experiment: how it is stored and stopped, by which seed.
  bool of_run = false;
  // Says how long an inner step is: what comparisons tune, and tables show.
  bool is_inner_step = false;
  // With which values of others it applies, each "per = \"episode\"" or ""; see VisitOf::Where,
  // which sets them.
  std::array<std::string_view, kMostConditions> conditions = {};
};

// The value of an enum, by its word.
struct EnumValue {
  std::string word;
  std::vector<std::string> words;  // of all values
};

using OptionValue = std::variant<bool, std::int64_t, double, std::string, EnumValue,
                                 std::vector<std::int64_t>, std::vector<double>>;

template <class T>
OptionValue ValueOf(const T& field) {
  if constexpr (std::is_enum_v<T>) {
    EnumValue value{std::string(WordOf(field)), {}};
    for (const Word<T>& known : WordsOf(field)) value.words.emplace_back(known.word);
    return value;
  } else {
    return field;
  }
}

// Looks at options.
class OptionVisitor {
 public:
  virtual ~OptionVisitor() = default;

  // Whether options are to be visited that do not apply with the values of others (a final value
  // where nothing is scheduled): documentation wants them, a run does not have them.
  virtual bool everything() const { return false; }

  // `name` is "section.option".
  template <class T>
  void operator()(std::string_view name, const T& field, const OptionInfo& info) {
    Visit(name, ValueOf(field), info);
  }

 private:
  virtual void Visit(std::string_view name, const OptionValue& value, const OptionInfo& info) = 0;
};

// Gives options their values.
class OptionSource {
 public:
  virtual ~OptionSource() = default;

  template <class T>
  void operator()(std::string_view name, T& field, const OptionInfo& info) {
    const OptionValue value = Value(name, ValueOf(field), info);
    if constexpr (std::is_enum_v<T>) {
      field = ValueOfWord<T>(std::get<EnumValue>(value).word);
    } else {
      field = std::get<T>(value);
    }
  }

 private:
  // What the option is to be, of the type that it has now.
  virtual OptionValue Value(std::string_view name, OptionValue now, const OptionInfo& info) = 0;
};

// Options, and who looks at them or gives them values.
template <class Options>
class VisitOf {
 public:
  // Both outlive the visit.
  VisitOf(const Options& options, OptionVisitor& visitor)
      : options_(&options), visitor_(&visitor) {}
  VisitOf(Options& options, OptionSource& source)
      : options_(&options), reading_(&options), source_(&source) {}

  // Of what the options derive from.
  template <class Derived>
    requires std::derived_from<Derived, Options>
  VisitOf(const VisitOf<Derived>& visit)  // NOLINT(misc-explicit-constructor)
      : options_(visit.options_),
        visitor_(visit.visitor_),
        reading_(visit.reading_),
        source_(visit.source_),
        conditions_(visit.conditions_) {}

  // The options as they are now.
  const Options* operator->() const { return options_; }

  // The options while they are given values, for what follows from one that was visited; null where
  // they are looked at.
  Options* reading() const { return reading_; }

  // See OptionVisitor.
  bool everything() const { return visitor_ != nullptr && visitor_->everything(); }

  // For options that apply only with some values of others. Where they do not, documentation alone
  // visits them, and tells of the condition, as does the error about one that is set all the same.
  //
  //   if (const auto where = visit.Where(visit->per == kEpisode, "per = \"episode\"")) {
  //     where("every", &Options::every, {.help = "..."});
  //   }
  //
  // condition: a literal, one of kMostConditions at most.
  VisitOf Where(bool applies, std::string_view condition) const {
    VisitOf where = *this;
    where.applies_ = (applies_ && applies) || everything();
    const auto earlier = std::ranges::count_if(conditions_, [](auto one) { return !one.empty(); });
    where.conditions_.at(static_cast<std::size_t>(earlier)) = condition;
    return where;
  }
  explicit operator bool() const { return applies_; }

  // name: "section.option". field: a member of the options.
  template <class T, class Owner>
  void operator()(std::string_view name, T Owner::* field, const OptionInfo& info) const {
    if (reading_ != nullptr) {
      (*source_)(name, reading_->*field, info);
    } else {
      OptionInfo told = info;
      told.conditions = conditions_;
      (*visitor_)(name, options_->*field, told);
    }
  }

  // A part of the options, to be described by itself.
  template <class Part, class Owner>
  VisitOf<Part> In(Part Owner::* part) const {
    VisitOf<Part> visit = reading_ != nullptr ? VisitOf<Part>(reading_->*part, *source_)
                                              : VisitOf<Part>(options_->*part, *visitor_);
    visit.conditions_ = conditions_;
    return visit;
  }

  // Describes a part of the options; `more` is what that takes beside.
  template <class Part, class Owner, class... More>
  void operator()(Part Owner::* part, const More&... more) const {
    Part::Describe(In(part), more...);
  }

  // Describes a component that the options hold, see registry.h.
  template <class Maker, class Owner>
  void operator()(std::unique_ptr<Maker> Owner::* maker) const {
    if (reading_ != nullptr) {
      (reading_->*maker)->Describe(*source_);
    } else {
      (options_->*maker)->Describe(*visitor_);
    }
  }

 private:
  template <class Other>
  friend class VisitOf;

  const Options* options_;
  OptionVisitor* visitor_ = nullptr;  // this one or the next two
  Options* reading_ = nullptr;
  OptionSource* source_ = nullptr;
  bool applies_ = true;
  std::array<std::string_view, kMostConditions> conditions_ = {};
};

}  // namespace anole
