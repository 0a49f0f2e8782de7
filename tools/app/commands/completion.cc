// anole completion: what a shell needs to complete commands, flags, options and configs.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "configs/user_error.h"
#include "tools/app/command.h"
#include "tools/run/experiment.h"

namespace anole::app {
namespace {

// All that may begin with dashes after this command.
std::string DashedWords(const Command& command, const std::vector<OptionDescription>& options) {
  std::string words = "--help";
  for (const Flag& flag : command.flags) words += " --" + flag.name;
  if (!command.takes_options) return words;
  for (const OptionDescription& option : options) {
    if (command.options_of_run && !ActsOnAdaptation(option.use)) continue;
    words += " --" + option.name + "=";
  }
  return words;
}

std::string CommandNames() {
  std::string names = "help --version";
  for (const Command* command : Commands()) names += " " + command->name;
  return names;
}

// The shell's own names of files follow wherever no word is known.
std::string Bash() {
  const std::vector<OptionDescription> options = Experiment::Catalogue();
  std::string cases;
  for (const Command* command : Commands()) {
    cases +=
        fmt::format("    {}) words=\"{}\" ;;\n", command->name, DashedWords(*command, options));
  }
  return fmt::format(R"sh(# bash completion of anole
_anole() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} words=
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "{}" -- "$current"))
    return
  fi
  case ${{COMP_WORDS[1]}} in
{}  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    [[ ${{#COMPREPLY[@]}} -ne 1 || ${{COMPREPLY[0]}} != *= ]] || compopt -o nospace
  elif [[ ${{COMP_WORDS[1]}} == train && $COMP_CWORD -eq 2 ]]; then
    COMPREPLY=($(compgen -W "$(anole list configs 2>/dev/null)" -- "$current")
      $(compgen -f -- "$current"))
  fi
}}
complete -o default -F _anole anole
)sh",
                     CommandNames(), cases);
}

std::string Zsh() {
  const std::vector<OptionDescription> options = Experiment::Catalogue();
  std::string cases;
  for (const Command* command : Commands()) {
    cases += fmt::format("    {}) known=({}) ;;\n", command->name, DashedWords(*command, options));
  }
  return fmt::format(R"sh(#compdef anole
# zsh completion of anole
_anole() {{
  local -a known
  if (( CURRENT == 2 )); then
    known=({})
    compadd -- $known
    return
  fi
  case $words[2] in
{}  esac
  if [[ $PREFIX == -* ]]; then
    compadd -S '' -- ${{(M)known:#*=}}
    compadd -- ${{known:#*=}}
  else
    [[ $words[2] != train || $CURRENT -ne 3 ]] || compadd -- $(anole list configs 2>/dev/null)
    _files
  fi
}}
_anole "$@"
)sh",
                     CommandNames(), cases);
}

int RunCompletion(const CommandLine& line) {
  const std::string shell = OnlyPositional(line, "bash or zsh");
  if (shell != "bash" && shell != "zsh") {
    throw UserError(shell + ": is no shell that can be completed in; must be bash or zsh");
  }
  fmt::print("{}", shell == "bash" ? Bash() : Zsh());
  return 0;
}

const RegisterCommand registration(
    {.place = 19,
     .name = "completion",
     .usage = "anole completion bash|zsh",
     .summary =
         "Prints what makes a shell complete commands, options and configs. For the shell at hand: "
         "source <(anole completion bash). An installed anole has it already.",
     .flags = {},
     .max_positionals = 1,
     .run = RunCompletion});

}  // namespace
}  // namespace anole::app
