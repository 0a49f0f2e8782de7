#include "tools/app/robot_reference.h"

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <vector>

#include "configs/lister.h"
#include "configs/text_lines.h"
#include "envs/robot/formula.h"
#include "envs/robot/task_sections.h"

namespace anole::app {
namespace {

constexpr std::size_t kIndent = 23;  // of what names mean

void PrintOptions(const std::vector<OptionDescription>& options, std::size_t indent) {
  for (const OptionDescription& option : options) {
    if (option.name == "term") continue;
    std::string facts = option.range.empty() ? option.type : option.range;
    facts += option.required ? ", must be set" : ", default " + option.default_value;
    if (!option.condition.empty()) facts += ", where " + option.condition;
    const std::string unit = option.unit.empty() ? "" : " [" + option.unit + "]";
    fmt::print("{}", Beside(std::string(indent, ' ') + option.name,
                            fmt::format("{}{} ({})", option.help, unit, facts), kIndent));
  }
}

constexpr const char* kNaming =
    "What is exactly the name of a part names it; where several may be chosen, commas part a list, "
    "* ? [ ] are wildcards, and a backslash takes the next character as it is: 'arm\\[*, a\\,b'.\n"
    "\"#3\" is the part of that number, from 0, which is how messages call those without a name.\n"
    "\"body:torso\" chooses the geoms of a body. Patterns skip what has none of a field.";

constexpr const char* kFormulas =
    "Numbers that are computed from the state: + - * / ^, comparisons, not, and, or, parentheses, "
    "pi, "
    "names of earlier [[formula]]s and of commands, and functions; names of the model's parts "
    "stand "
    "in single quotes: \"z('cube') > 0.1 and touches('*_finger', 'cube') == 2\".";

void PrintFormulas() {
  fmt::print("Formulas\n{}", Beside("", kFormulas, 2));
  fmt::print("{}", Beside("  sum('words', x)",
                          "x for each word of a list, added up; @ stands for the word in the names "
                          "of x: sum('FL, FR', z('@_foot'))",
                          kIndent + 14));
  for (const FormulaFunction& function : FormulaFunctions()) {
    const std::string call = fmt::format("  {}({})", function.name, function.arguments);
    fmt::print("{}", Beside(call, function.summary, kIndent + 14));
  }
}

}  // namespace

void PrintRobotReference() {
  for (const SectionReference& section : RobotFileReference()) {
    fmt::print("{}\n", section.name);
    PrintOptions(section.options, 2);
    for (const auto& term : section.terms) {
      fmt::print("{}", Beside(fmt::format("  {} = \"{}\"", section.choice, term.name), term.summary,
                              kIndent + 8));
      PrintOptions(term.options, 4);
    }
    fmt::print("\n");
  }
  PrintFormulas();
  fmt::print("\nNames of parts of the model\n{}", Beside("", kNaming, 2));
}

}  // namespace anole::app
