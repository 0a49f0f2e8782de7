#include "tools/app/help.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <string_view>

#include "configs/help.h"
#include "configs/settings.h"
#include "configs/suggest.h"
#include "configs/text_lines.h"
#include "configs/user_error.h"
#include "tools/run/experiment.h"

namespace anole::app {
namespace {

using Options = std::vector<OptionDescription>;

// What most people set first, in the order in which they ask.
constexpr std::array kUsual = {"task.family",    "policy.hidden",   "inner.updates",
                               "inner.rollouts", "inner.step_size", "meta.iterations",
                               "meta.batch_size"};

// What the options of a section are about.
const std::map<std::string, std::string>& SectionSummaries() {
  static const std::map<std::string, std::string> kSummaries = {
      {"task", "which tasks there are, what they reward, when an episode ends"},
      {"policy", "the network that acts, and its noise"},
      {"inner", "how one task is learned: updates, episodes, step sizes"},
      {"critic", "the value function, where inner.baseline has one"},
      {"model", "the network that learns from data"},
      {"meta", "how what was learned of tasks moves the initial parameters"},
      {"evaluation", "what tests adapt to, and for how long"},
      {"validation", "which tasks select the best checkpoint"},
      {"run", "seed, checkpoints, when it ends"}};
  return kSummaries;
}

// Bold headings are for people's eyes, not for files; who sets NO_COLOR wants none.
Headings HeadingsHere() {
  const char* const type = std::getenv("TERM");
  const char* const no_color = std::getenv("NO_COLOR");
  const bool plain = isatty(STDOUT_FILENO) == 0 || type == nullptr || *type == '\0' ||
                     std::string_view(type) == "dumb" || (no_color != nullptr && *no_color != '\0');
  return plain ? Headings::kPlain : Headings::kBold;
}

std::string SectionOf(const OptionDescription& option) {
  return option.name.substr(0, option.name.find('.'));
}

// Those of configs that a command takes.
Options OptionsOf(const Command& command) {
  Options options = command.takes_options ? Experiment::Catalogue() : Options{};
  if (command.options_of_run) {
    std::erase_if(options, [](const auto& option) { return !ActsOnAdaptation(option.use); });
  }
  for (OptionDescription& option : options) {
    if (command.options_of_run) {
      option.default_value.clear();
    } else if (MayChangeOnResume(option.use)) {
      option.help += "; may change with --resume";
    }
  }
  return options;
}

// "  --inner.updates=INTEGER   inner updates of an adaptation (default 5)": what fits on a line.
std::string UsualLine(const std::string& name, const Options& options) {
  const OptionDescription* first = nullptr;
  bool same_default = true;
  for (const OptionDescription& option : options) {
    if (option.name != name) continue;
    if (first == nullptr) first = &option;
    same_default = same_default && option.default_value == first->default_value;
  }
  if (first == nullptr) return "";
  std::string text = first->help.substr(0, first->help.find_first_of(";,"));
  if (same_default) text += fmt::format(" (default {})", first->default_value);
  constexpr std::size_t kIndent = 24;
  return Beside("  --" + name + "=", text, kIndent);
}

// Of each section what it is about, and how many options it has.
std::string SectionLines(const Options& options) {
  std::vector<std::string> sections;
  for (const OptionDescription& option : options) {
    if (std::ranges::find(sections, SectionOf(option)) == sections.end()) {
      sections.push_back(SectionOf(option));
    }
  }
  std::string text;
  for (const std::string& section : sections) {
    std::vector<std::string> names;
    for (const OptionDescription& option : options) {
      if (SectionOf(option) == section) names.push_back(option.name);
    }
    std::ranges::sort(names);
    const auto count = std::ranges::unique(names).begin() - names.begin();
    text += Beside(fmt::format("  {:10} {:3}", section, count), SectionSummaries().at(section), 18);
  }
  return text;
}

// What fits on a screen: flags, the usual options, and where the others are.
void PrintFirstPage(const Command& command) {
  const Headings headings = HeadingsHere();
  fmt::print("{}", FormatHelp(command.usage, command.summary, command.flags, {}, headings));
  const Options options = OptionsOf(command);
  if (options.empty()) return;
  if (!command.options_of_run) {
    fmt::print("\n{}\n", Heading("The usual options of a config:", headings));
    for (const char* name : kUsual) fmt::print("{}", UsualLine(name, options));
  }
  fmt::print("\n{}\n{}", Heading("Options by section, and how many:", headings),
             SectionLines(options));
  const std::string more = fmt::format(
      "`anole help {0} inner` tells those of a section, `anole help {0} sine` those of a task "
      "family, `anole help {0} all` all; `anole help inner.updates` one.",
      command.name);
  fmt::print("{}\n", fmt::join(Wrap(more), "\n"));
}

// All options of a command, or those of a section.
void PrintOptions(const Command& command, const std::string& section) {
  Options options = OptionsOf(command);
  const bool all = section == "all";
  if (!all)
    std::erase_if(options, [&](const auto& option) { return SectionOf(option) != section; });
  fmt::print("{}", FormatHelp(command.usage, all ? command.summary : SectionSummaries().at(section),
                              all ? command.flags : std::vector<Flag>{}, options, HeadingsHere()));
}

// Of the options of training those that a family has, with the values that they then have.
void PrintOptionsOfFamily(const Command& command, const std::string& family) {
  Settings settings;
  settings.Set("task.family", family);
  auto options = Experiment(settings).Options();
  std::erase_if(options, [&](const OptionDescription& option) {
    return command.options_of_run && !ActsOnAdaptation(option.use);
  });
  fmt::print("{}", FormatHelp(command.usage, "With task.family = \"" + family + "\".",
                              command.flags, options, HeadingsHere()));
}

void PrintPart(const Command& command, const std::string& part) {
  if (!command.takes_options) {
    throw UserError("help: " + command.name + " takes no options of a config, so '" + part +
                    "' says nothing of it");
  }
  std::vector<std::string> names = {"all"};
  for (const OptionDescription& option : OptionsOf(command)) names.push_back(SectionOf(option));
  if (std::ranges::find(names, part) != names.end()) return PrintOptions(command, part);
  for (const auto& [name, entry] : TaskFamilies::entries()) names.push_back(name);
  for (const auto& [name, entry] : DataFamilies::entries()) names.push_back(name);
  if (std::ranges::find(names, part) != names.end()) return PrintOptionsOfFamily(command, part);
  throw UserError("help: no section of a config, and no task family, is called '" + part + "'" +
                  Suggestion(part, names));
}

// Every component's option of that name.
void PrintOption(const std::string& typed) {
  const std::string name = typed.starts_with("--") ? typed.substr(2) : typed;
  Options found;
  std::vector<std::string> names;
  for (OptionDescription& option : Experiment::Catalogue()) {
    names.push_back(option.name);
    if (option.name == name) found.push_back(std::move(option));
  }
  if (found.empty()) {
    throw UserError("help: no command, and no option of a config, is called '" + typed + "'" +
                    Suggestion(name, names));
  }
  const bool may_change = MayChangeOnResume(found.front().use);
  fmt::print("{}",
             FormatHelp("--" + name + "=VALUE, or in a config", "", {}, found, HeadingsHere()));
  fmt::print("\nA run that is gone on with {} have another value of it.\n",
             may_change ? "may" : "cannot");
}

void PrintOverview() {
  constexpr std::size_t kIndent = 12;
  fmt::print(
      "anole meta-trains control policies: after training on a distribution of MuJoCo\n"
      "tasks, the policy adapts to a task it has never seen in a few policy-gradient\n"
      "updates.\n\n"
      "{}anole COMMAND ...\n\n",
      Heading("usage: ", HeadingsHere()));
  for (const Command* command : Commands()) {
    const std::string first = command->summary.substr(0, command->summary.find(". ") + 1);
    fmt::print("{}",
               Beside("  " + command->name, first.empty() ? command->summary : first, kIndent));
  }
  fmt::print(
      "\n`{0} help COMMAND` tells more, `{0} help train cheetah-velocity` the options that a\n"
      "task family has, `{0} help inner.step_size` what one option is.\n",
      ProgramName());
}

}  // namespace

void PrintHelp(const std::vector<std::string>& words) {
  if (words.empty() || words.front() == "help") return PrintOverview();
  if (words.size() == 1 && words.front().find('.') != std::string::npos) {
    return PrintOption(words.front());
  }
  const Command& command = FindCommand(words.front());
  if (words.size() == 1) return PrintFirstPage(command);
  if (words.size() > 2) {
    throw UserError("help takes a command and one section or task family, not also '" + words[2] +
                    "'");
  }
  PrintPart(command, words[1]);
}

}  // namespace anole::app
