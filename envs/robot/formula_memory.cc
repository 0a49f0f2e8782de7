#include "envs/robot/formula_memory.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace anole {
namespace {

using FormulaArguments = std::vector<FormulaArgument>;

FormulaPart Kept(Eigen::Index row) {
  return PartOf([row](const RobotState& state) { return state.kept[row]; });
}

// A formula's value in the first state of an episode, and one control step before.
class Remembered : public KeptNumbers {
 public:
  explicit Remembered(FormulaPart part) : part_(std::move(part)) {}
  Eigen::Index size() const override { return 3; }  // at first, now, before
  void Begin(const RobotState& state, VectorOut numbers) const override {
    numbers.setConstant(part_->Value(state));
  }
  void Advance(const RobotState& state, VectorOut numbers) const override {
    numbers[2] = numbers[1];
    numbers[1] = part_->Value(state);
  }

 private:
  FormulaPart part_;
};
FormulaFunction Memory(const std::string& name, const std::string& summary, Eigen::Index place) {
  return {name, "x", summary, [place](const FormulaArguments& arguments, const RobotParts& parts) {
            return Kept(parts.Keep<Remembered>(arguments[0].part) + place);
          }};
}

// How long it is since a condition held, or since the beginning [s].
class TimeSince : public KeptNumbers {
 public:
  TimeSince(FormulaPart condition, double control_dt)
      : condition_(std::move(condition)), control_dt_(control_dt) {}
  Eigen::Index size() const override { return 1; }
  void Begin(const RobotState& /*state*/, VectorOut numbers) const override { numbers[0] = 0; }
  void Advance(const RobotState& state, VectorOut numbers) const override {
    numbers[0] = condition_->Value(state) != 0 ? 0 : numbers[0] + control_dt_;
  }

 private:
  FormulaPart condition_;
  double control_dt_;
};

// The largest value so far: while a condition has held without a break, or in the episode.
class Most : public KeptNumbers {
 public:
  Most(FormulaPart value, FormulaPart condition)
      : value_(std::move(value)), condition_(std::move(condition)) {}
  Eigen::Index size() const override { return 1; }
  void Begin(const RobotState& state, VectorOut numbers) const override {
    numbers[0] = value_->Value(state);
  }
  void Advance(const RobotState& state, VectorOut numbers) const override {
    const double value = value_->Value(state);
    const bool holds = condition_ == nullptr || condition_->Value(state) != 0;
    numbers[0] = holds ? std::max(numbers[0], value) : value;
  }

 private:
  FormulaPart value_, condition_;
};

// The sum of a number over the control steps of an episode so far: of all of them, or of those
// since a condition last began to hold.
class Total : public KeptNumbers {
 public:
  Total(FormulaPart value, FormulaPart condition)
      : value_(std::move(value)), condition_(std::move(condition)) {}
  Eigen::Index size() const override { return 1; }
  void Begin(const RobotState& /*state*/, VectorOut numbers) const override { numbers[0] = 0; }
  void Advance(const RobotState& state, VectorOut numbers) const override {
    const bool holds = condition_ == nullptr || condition_->Value(state) != 0;
    numbers[0] = holds ? numbers[0] + value_->Value(state) : 0;
  }

 private:
  FormulaPart value_, condition_;
};

// The largest value in the physics steps of a control step, or their sum.
class InStep : public KeptNumbers {
 public:
  enum class What { kMost, kTotal };
  InStep(What what, FormulaPart value) : what_(what), value_(std::move(value)) {}
  Eigen::Index size() const override { return 1; }
  bool looks_within() const override { return true; }
  void Begin(const RobotState& state, VectorOut numbers) const override {
    numbers[0] = what_ == What::kMost ? value_->Value(state) : 0;
  }
  void BeginStep(VectorOut numbers) const override {
    numbers[0] = what_ == What::kMost ? -std::numeric_limits<double>::infinity() : 0;
  }
  void Within(const RobotState& state, VectorOut numbers) const override {
    const double value = value_->Value(state);
    numbers[0] = what_ == What::kMost ? std::max(numbers[0], value) : numbers[0] + value;
  }
  void Advance(const RobotState& /*state*/, VectorOut /*numbers*/) const override {}

 private:
  What what_;
  FormulaPart value_;
};
FormulaFunction WithinStep(const std::string& name, InStep::What what, const std::string& summary) {
  return {name, "x", summary, [what](const FormulaArguments& arguments, const RobotParts& parts) {
            return Kept(parts.Keep<InStep>(what, arguments[0].part));
          }};
}

}  // namespace

std::vector<FormulaFunction> FunctionsOfMemory() {
  return {
      Memory("start", "its value in the first state of the episode", 0),
      Memory("before", "its value one control step ago", 2),
      {"most", "x", "its largest value so far in the episode; of a condition: whether it ever held",
       [](const FormulaArguments& arguments, const RobotParts& parts) {
         return Kept(parts.Keep<Most>(arguments[0].part, nullptr));
       }},
      {"most_while", "condition, x",
       "its largest value since the condition last began to hold; while it does not: x",
       [](const FormulaArguments& arguments, const RobotParts& parts) {
         return Kept(parts.Keep<Most>(arguments[1].part, arguments[0].part));
       }},
      {"total", "x",
       "the sum of its values after each control step of the episode so far: a counter, a phase",
       [](const FormulaArguments& arguments, const RobotParts& parts) {
         return Kept(parts.Keep<Total>(arguments[0].part, nullptr));
       }},
      {"total_while", "condition, x",
       "the same since the condition last began to hold; while it does not: 0",
       [](const FormulaArguments& arguments, const RobotParts& parts) {
         return Kept(parts.Keep<Total>(arguments[1].part, arguments[0].part));
       }},
      {"since", "condition", "how long ago it last held, or the episode began [s]",
       [](const FormulaArguments& arguments, const RobotParts& parts) {
         return Kept(parts.Keep<TimeSince>(arguments[0].part, parts.control_dt));
       }},
      WithinStep("most_in_step", InStep::What::kMost,
                 "its largest value after one of the physics steps of the last control step: the "
                 "peak of a force"),
      WithinStep("total_in_step", InStep::What::kTotal,
                 "the sum of its values after each of those physics steps"),
  };
}

}  // namespace anole
