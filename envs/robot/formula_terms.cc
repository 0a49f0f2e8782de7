// The terms of robots' task files that are formulas.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "envs/robot/formula.h"
#include "envs/robot/terms.h"

namespace anole {
namespace {

struct FormulaOptions {
  std::string formula;
  static void Describe(VisitOf<FormulaOptions> visit) {
    visit("formula", &FormulaOptions::formula,
          {.help = "as \"abs(z('torso') - 0.3)\"; `anole check --reference` has its functions",
           .min_size = 1});
  }
};

class FormulaReward : public RewardTerm {
 public:
  using Options = FormulaOptions;
  FormulaReward(const Options& options, const RobotParts& parts)
      : formula_(ParseFormula("formula", options.formula, parts)) {}
  double Value(const RobotState& state) const override { return formula_->Value(state); }
  Bounds bounds() const override {
    return {-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
  }

 private:
  FormulaPart formula_;
};
const RegisterReward<FormulaReward> reward("formula", "what a formula says");

class FormulaCondition : public Condition {
 public:
  using Options = FormulaOptions;
  FormulaCondition(const Options& options, const RobotParts& parts)
      : formula_(ParseFormula("formula", options.formula, parts)) {}
  bool Holds(const RobotState& state) const override {
    const double value = formula_->Value(state);
    return value != 0 && !std::isnan(value);
  }

 private:
  FormulaPart formula_;
};
const RegisterCondition<FormulaCondition> condition("formula",
                                                    "a formula holds: \"z('cube') > 0.1\"");

class FormulaObservation : public ObservationTerm {
 public:
  struct Options {
    std::string formula;
    static void Describe(VisitOf<Options> visit) {
      visit("formula", &Options::formula,
            {.help = "one number, or several, with semicolons between them", .min_size = 1});
    }
  };
  FormulaObservation(const Options& options, const RobotParts& parts) {
    std::size_t begin = 0;
    while (begin <= options.formula.size()) {
      const auto end = std::min(options.formula.find(';', begin), options.formula.size());
      formulas_.push_back(
          ParseFormula("formula", options.formula.substr(begin, end - begin), parts));
      begin = end + 1;
    }
  }
  Eigen::Index size() const override { return static_cast<Eigen::Index>(formulas_.size()); }
  void Write(const RobotState& state, VectorOut numbers) const override {
    Eigen::Index row = 0;
    for (const FormulaPart& formula : formulas_) numbers[row++] = formula->Value(state);
  }

 private:
  std::vector<FormulaPart> formulas_;
};
const RegisterObservation<FormulaObservation> observation("formula", "what formulas say");

}  // namespace
}  // namespace anole
