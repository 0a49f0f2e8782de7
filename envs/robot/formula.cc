#include "envs/robot/formula.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <numbers>
#include <string_view>
#include <utility>

#include "configs/suggest.h"
#include "configs/user_error.h"
#include "envs/robot/names.h"

namespace anole {
namespace {

constexpr int kDeepest = 100;          // parentheses and functions within each other
constexpr int kMostOperations = 2000;  // of a formula, which are as deep in the worst case

class Constant : public FormulaNode {
 public:
  explicit Constant(double value) : value_(value) {}
  double Value(const RobotState& /*state*/) const override { return value_; }
  std::optional<double> constant() const override { return value_; }

 private:
  double value_;
};

// Reads from the front of the text; what it has not read yet is rest_.
class Parser {
 public:
  Parser(std::string option, std::string_view text, const RobotParts& parts)
      : option_(std::move(option)), text_(text), rest_(text), parts_(parts) {}

  FormulaPart Parse() {
    FormulaPart part = Either();
    SkipSpace();
    if (!rest_.empty()) Fail("there is more than a formula");
    return part;
  }

 private:
  template <class Operation>
  FormulaPart Combined(FormulaPart a, FormulaPart b, Operation operation) {
    if (++operations_ > kMostOperations) {
      Fail("is too long: give parts of it a name, by a [[formula]]");
    }
    return PartOf([a = std::move(a), b = std::move(b), operation](const RobotState& state) {
      return operation(a->Value(state), b->Value(state));
    });
  }

  [[noreturn]] void Fail(const std::string& problem) const {
    const auto place = text_.size() - rest_.size() + 1;
    throw OptionError(option_, "character " + std::to_string(place) + ": " + problem);
  }

  void SkipSpace() {
    while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_.front())) != 0) {
      rest_.remove_prefix(1);
    }
  }

  bool Take(std::string_view sign) {
    SkipSpace();
    if (!rest_.starts_with(sign)) return false;
    rest_.remove_prefix(sign.size());
    return true;
  }

  static bool InWord(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  }

  std::string_view NextWord() {
    SkipSpace();
    const auto end = std::ranges::find_if_not(rest_, InWord);
    return rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
  }

  bool TakeWord(std::string_view word) {
    if (NextWord() != word) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  FormulaPart Either() {
    FormulaPart part = Both();
    while (TakeWord("or")) {
      part = Combined(part, Both(), [](double a, double b) { return a != 0 || b != 0 ? 1. : 0.; });
    }
    return part;
  }

  FormulaPart Both() {
    FormulaPart part = Negated();
    while (TakeWord("and")) {
      part =
          Combined(part, Negated(), [](double a, double b) { return a != 0 && b != 0 ? 1. : 0.; });
    }
    return part;
  }

  FormulaPart Negated() {
    if (!TakeWord("not")) return Comparison();
    return PartOf([part = Deeper([this] { return Negated(); })](const RobotState& state) {
      return part->Value(state) == 0 ? 1. : 0.;
    });
  }

  FormulaPart Comparison() {
    using Compare = bool (*)(double, double);
    // Longer signs first.
    static constexpr std::array<std::pair<std::string_view, Compare>, 6> kSigns = {
        {{"<=", [](double a, double b) { return a <= b; }},
         {">=", [](double a, double b) { return a >= b; }},
         {"==", [](double a, double b) { return a == b; }},
         {"!=", [](double a, double b) { return a != b; }},
         {"<", [](double a, double b) { return a < b; }},
         {">", [](double a, double b) { return a > b; }}}};
    FormulaPart part = Sum();
    for (const auto& [sign, compare] : kSigns) {
      if (!Take(sign)) continue;
      part = Combined(part, Sum(),
                      [holds = compare](double a, double b) { return holds(a, b) ? 1. : 0.; });
      break;
    }
    return part;
  }

  FormulaPart Sum() {
    FormulaPart part = Product();
    while (true) {
      if (Take("+")) {
        part = Combined(part, Product(), std::plus<>());
      } else if (Take("-")) {
        part = Combined(part, Product(), std::minus<>());
      } else {
        return part;
      }
    }
  }

  FormulaPart Product() {
    FormulaPart part = Signed();
    while (true) {
      if (Take("*")) {
        part = Combined(part, Signed(), std::multiplies<>());
      } else if (Take("/")) {
        part = Combined(part, Signed(), std::divides<>());
      } else {
        return part;
      }
    }
  }

  FormulaPart Signed() {
    if (!Take("-")) return Power();
    return PartOf([part = Deeper([this] { return Signed(); })](const RobotState& state) {
      return -part->Value(state);
    });
  }

  FormulaPart Power() {
    FormulaPart part = Single();
    if (!Take("^")) return part;
    return Combined(part, Deeper([this] { return Signed(); }),
                    [](double a, double b) { return b == 2 ? a * a : std::pow(a, b); });
  }

  FormulaPart Single() {
    if (Take("(")) {
      FormulaPart part = Deeper([this] { return Either(); });
      if (!Take(")")) Fail("')' is missing");
      return part;
    }
    SkipSpace();
    if (rest_.empty()) Fail("a number, a name or '(' is missing");
    const char first = rest_.front();
    if (std::isdigit(static_cast<unsigned char>(first)) != 0 || first == '.') return Number();
    if (InWord(first)) return Word();
    if (first == '\'') Fail("a name in quotes is an argument of a function: z('cube')");
    if (first == '*') Fail("'*' is not understood; powers are written with ^");
    Fail(std::string("'") + first + "' is not understood");
  }

  FormulaPart Number() {
    double value = 0;
    const auto [end, error] = std::from_chars(rest_.begin(), rest_.end(), value);
    if (error != std::errc()) Fail("is no number");
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.begin()));
    return std::make_shared<const Constant>(value);
  }

  FormulaPart Word() {
    const std::string word(NextWord());
    const auto before = rest_;
    rest_.remove_prefix(word.size());
    if (Take("(")) return word == "sum" ? Summed(before) : Call(word, before);
    if (const auto found = parts_.formulas.find(word); found != parts_.formulas.end()) {
      return found->second;
    }
    std::vector<std::string> known = {"pi"};
    for (const auto& [name, part] : parts_.formulas) known.push_back(name);
    const auto& commands = parts_.robot.commands;
    for (std::size_t i = 0; i < commands.size(); ++i) {
      if (std::ranges::all_of(commands[i].name, InWord)) known.push_back(commands[i].name);
      if (commands[i].name == word) {
        return PartOf([row = static_cast<Eigen::Index>(i)](const RobotState& state) {
          return state.commands[row];
        });
      }
    }
    if (word == "pi") return std::make_shared<const Constant>(std::numbers::pi);
    for (const FormulaFunction& function : FormulaFunctions()) known.push_back(function.name);
    rest_ = before;
    Fail("'" + word + "' is no [[formula]], command or function" + Suggestion(word, known));
  }

  // sum('FL, FR', x): x is read anew for each word, which takes the place of @ in its names.
  FormulaPart Summed(std::string_view before) {
    const FormulaFunction sum{.name = "sum", .arguments = "'words', x", .summary = "", .make = {}};
    if (!each_.empty()) Fail("a sum within a sum: @ would mean two things");
    const std::vector<std::string> words = SplitList(Name(before, sum).name);
    if (!Take(",")) FailAt(before, sum);
    const std::string_view summand = rest_;
    FormulaPart total;
    for (const std::string& word : words) {
      rest_ = summand;
      each_ = word;
      const FormulaPart part = Deeper([this] { return Either(); });
      total = total == nullptr ? part : Combined(total, part, std::plus<>());
    }
    each_.clear();
    if (!Take(")")) FailAt(before, sum);
    return total;
  }

  // before: the text from the name on.
  FormulaPart Call(const std::string& name, std::string_view before) {
    const auto& functions = FormulaFunctions();
    const auto found = std::ranges::find(functions, name, &FormulaFunction::name);
    if (found == functions.end()) {
      std::vector<std::string> known;
      for (const FormulaFunction& function : functions) known.push_back(function.name);
      rest_ = before;
      Fail("no function '" + name + "'" + Suggestion(name, known));
    }
    const std::vector<bool> is_name = found->IsName();
    std::vector<FormulaArgument> arguments;
    for (std::size_t i = 0; i < is_name.size(); ++i) {
      if (i > 0 && !Take(",")) FailAt(before, *found);
      arguments.push_back(is_name[i] ? Name(before, *found)
                                     : FormulaArgument{Deeper([this] { return Either(); }), ""});
    }
    if (!Take(")")) FailAt(before, *found);
    try {
      return found->make(arguments, parts_);
    } catch (const OptionError& error) {
      rest_ = before;
      Fail(name + ": " + error.problem());
    }
  }

  [[noreturn]] void FailAt(std::string_view before, const FormulaFunction& function) {
    rest_ = before;
    Fail("it is called as " + function.name + "(" + function.arguments + ")");
  }

  FormulaArgument Name(std::string_view before, const FormulaFunction& function) {
    if (!Take("'")) FailAt(before, function);
    const auto end = rest_.find('\'');
    if (end == std::string_view::npos) Fail("the closing ' is missing");
    FormulaArgument argument{nullptr, std::string(rest_.substr(0, end))};
    rest_.remove_prefix(end + 1);
    for (auto at = argument.name.find('@'); !each_.empty() && at != std::string::npos;
         at = argument.name.find('@', at + each_.size())) {
      argument.name.replace(at, 1, each_);
    }
    return argument;
  }

  template <class Parse>
  FormulaPart Deeper(const Parse& parse) {
    if (++depth_ > kDeepest) Fail("is too deeply nested");
    FormulaPart part = parse();
    --depth_;
    return part;
  }

  std::string option_;
  std::string_view text_, rest_;
  const RobotParts& parts_;
  std::string each_;  // within a sum: the word that @ stands for
  int depth_ = 0, operations_ = 0;
};

}  // namespace

void NamedFormula::Describe(VisitOf<NamedFormula> visit) {
  visit("name", &NamedFormula::name,
        {.help = "by which formulas after it refer to it", .min_size = 1});
  visit("is", &NamedFormula::is, {.help = "a formula", .min_size = 1});
}

FormulaPart NamedPart(FormulaPart formula, const RobotParts& parts) {
  class Named : public KeptNumbers {
   public:
    explicit Named(FormulaPart part) : part_(std::move(part)) {}
    Eigen::Index size() const override { return 1; }
    void Begin(const RobotState& state, VectorOut numbers) const override {
      numbers[0] = part_->Value(state);
    }
    void Advance(const RobotState& state, VectorOut numbers) const override {
      Begin(state, numbers);
    }
    void Refresh(const RobotState& state, VectorOut numbers) const override {
      Begin(state, numbers);
    }

   private:
    FormulaPart part_;
  };
  const Eigen::Index row = parts.Keep<Named>(std::move(formula));
  return PartOf([row](const RobotState& state) { return state.kept[row]; });
}

void CheckFormulaName(const std::string& name, const RobotParts& parts) {
  const auto in_name = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  if (!std::ranges::all_of(name, in_name) || std::isdigit(static_cast<unsigned char>(name[0]))) {
    throw OptionError("name",
                      "must be of letters, digits and _, and begin with none of the digits");
  }
  const bool is_command = std::ranges::count(parts.robot.commands, name, &RobotCommand::name) > 0;
  const bool is_word = name == "pi" || name == "and" || name == "or" || name == "not";
  if (is_command || is_word || parts.formulas.contains(name)) {
    throw OptionError("name", "has a meaning already");
  }
}

FormulaPart ParseFormula(const std::string& option, const std::string& text,
                         const RobotParts& parts) {
  return Parser(option, text, parts).Parse();
}

std::vector<bool> FormulaFunction::IsName() const {
  std::vector<bool> names;
  if (arguments.empty()) return names;
  names.push_back(arguments.front() == '\'');
  for (std::size_t i = 0; i + 2 < arguments.size(); ++i) {
    if (arguments[i] == ',') names.push_back(arguments[i + 2] == '\'');
  }
  return names;
}

}  // namespace anole
