// anole manual: the manual page, made of what --help tells.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "tools/app/command.h"
#include "tools/run/experiment.h"
#include "tools/run/process/provenance.h"

namespace anole::app {
namespace {

// Text that troff prints as it is.
std::string Plain(std::string_view text) {
  std::string plain;
  bool begins = true;  // a line, where . and ' are commands
  for (const char c : text) {
    if (begins && (c == '.' || c == '\'')) plain += "\\&";
    if (c == '\\') {
      plain += "\\e";
    } else if (c == '-') {
      plain += "\\-";
    } else {
      plain += c;
    }
    begins = c == '\n';
  }
  return plain;
}

std::string CommandPart(const Command& command) {
  std::string text = fmt::format(".SS {}\n.nf\n{}\n.fi\n.PP\n{}\n", command.name,
                                 Plain(command.usage), Plain(command.summary));
  for (const Flag& flag : command.flags) {
    text += fmt::format(".TP\n.B {} {}\n{}\n", Plain("--" + flag.name), Plain(flag.argument),
                        Plain(flag.help));
  }
  return text;
}

std::string HelpOf(const OptionDescription& option) {
  std::string text = option.help;
  if (!option.unit.empty()) text += " [" + option.unit + "]";
  if (!option.range.empty()) text += "; " + option.range;
  if (!option.default_value.empty()) text += "; default " + option.default_value;
  if (!option.condition.empty()) text += "; where " + option.condition;
  return option.owner.empty() ? text : text + "; of " + option.owner;
}

int RunManual(const CommandLine& /*line*/) {
  std::string text = fmt::format(
      ".TH ANOLE 1 \"\" \"anole {}\" \"User Commands\"\n"
      ".SH NAME\nanole \\- meta\\-trains control policies that adapt to unseen tasks\n"
      ".SH SYNOPSIS\n.B anole\n.I COMMAND\n[...]\n"
      ".SH DESCRIPTION\nAfter training on a distribution of MuJoCo tasks, a policy adapts to a "
      "task it has never seen in a few policy\\-gradient updates.\n.SH COMMANDS\n",
      ProgramFacts()["anole"].get<std::string>());
  for (const Command* command : Commands()) text += CommandPart(*command);
  text +=
      ".SH OPTIONS OF A CONFIG\nIn a config as [section] option = value, on the command line "
      "as \\-\\-section.option=value.\n";
  for (const OptionDescription& option : Experiment::Catalogue()) {
    text += fmt::format(".TP\n.B {}\n{}\n", Plain(option.name), Plain(HelpOf(option)));
  }
  text +=
      ".SH EXIT STATUS\n0: done; 1: a failure; 2: a mistake in what was asked for, told in one "
      "line before anything is written; 128 and the number of the signal that ended it.\n";
  fmt::print("{}", text);
  return 0;
}

const RegisterCommand registration(
    {.place = 20,
     .name = "manual",
     .usage = "anole manual",
     .summary =
         "Prints the manual page in the format of man(1). An installed anole has it: man anole.",
     .flags = {},
     .run = RunManual});

}  // namespace
}  // namespace anole::app
