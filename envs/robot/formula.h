// Formulas of robots' task files: numbers that are computed from the state of an episode, for
// rewards, conditions and observations that no term has a name for.
//
//   10 * tolerance(distance('tcp', 'goal'), 0, 0.05, start(distance('tcp', 'goal')))
//   z('cube') > 0.1 and touches('*_finger', 'cube') == 2
//
//   sum('FL, FR', touches('@_foot', 'world') * vx('@') ^ 2)
//
// In the order in which they bind: ^, sign, * and /, + and -, comparisons (1 or 0), not, and, or.
// Names are those of [[formula]] sections before, and of commands. formula_functions.cc has the
// functions; names of the model's parts stand in single quotes.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "configs/option.h"
#include "envs/robot/terms.h"

namespace anole {

// A part of a formula. Const and thread-safe; allocates nothing.
class FormulaNode {
 public:
  virtual ~FormulaNode() = default;
  virtual double Value(const RobotState& state) const = 0;
  virtual std::optional<double> constant() const { return std::nullopt; }  // where it is a number
};
using FormulaPart = std::shared_ptr<const FormulaNode>;

// A part that calls `value`, a function of the state.
template <class Function>
FormulaPart PartOf(Function value) {
  class Node : public FormulaNode {
   public:
    explicit Node(Function function) : function_(std::move(function)) {}
    double Value(const RobotState& state) const override { return function_(state); }

   private:
    Function function_;
  };
  return std::make_shared<const Node>(std::move(value));
}

// One [[formula]]: a name for what others refer to.
struct NamedFormula {
  std::string name, is;
  static void Describe(VisitOf<NamedFormula> visit);
};

// The formula of a name: computed once in each state, however often it is referred to.
FormulaPart NamedPart(FormulaPart formula, const RobotParts& parts);

// Throws OptionError of "name" where that is no name, or is taken.
void CheckFormulaName(const std::string& name, const RobotParts& parts);

// Reads a formula. Throws OptionError of `option`, which says where in the text.
FormulaPart ParseFormula(const std::string& option, const std::string& text,
                         const RobotParts& parts);

// An argument: a formula, or the name of a part in quotes.
struct FormulaArgument {
  FormulaPart part;  // null: a name
  std::string name;
};

struct FormulaFunction {
  std::string name;
  std::string arguments;  // "x, lowest, highest"; those of names in quotes: "'body', number"
  std::string summary;
  std::function<FormulaPart(const std::vector<FormulaArgument>& arguments, const RobotParts& parts)>
      make;

  // Of each argument: whether it is a name.
  std::vector<bool> IsName() const;
};

const std::vector<FormulaFunction>& FormulaFunctions();

}  // namespace anole
