#include "tools/app/command.h"

#include <cerrno>
#include <cstdlib>
#include <map>
#include <utility>

#include "configs/suggest.h"
#include "configs/user_error.h"
#include "tools/run/shell_text.h"

namespace anole::app {

namespace {

// By their places. Made when the first one registers itself, before main.
std::map<int, Command>& Registered() {
  static std::map<int, Command> commands;
  return commands;
}

}  // namespace

RegisterCommand::RegisterCommand(Command command) {
  const int place = command.place;
  if (!Registered().emplace(place, std::move(command)).second) std::abort();  // two in one place
}

std::vector<const Command*> Commands() {
  std::vector<const Command*> commands;
  for (const auto& [place, command] : Registered()) commands.push_back(&command);
  return commands;
}

const Command& FindCommand(const std::string& name) {
  std::vector<std::string> names = {"help", "--version"};
  for (const Command* command : Commands()) {
    if (command->name == name) return *command;
    names.push_back(command->name);
  }
  throw UserError("unknown command '" + name + "'" + Suggestion(name, names));
}

std::string ProgramName() { return ShellWord(program_invocation_name); }

std::string Describe(const std::filesystem::filesystem_error& error) {
  const std::string path = error.path1().string();
  return (path.empty() ? "the working folder" : path) + ": " + error.code().message();
}

int ExitCodeOf(int signal) { return 128 + signal; }

std::string OnlyPositional(const CommandLine& line, const std::string& what) {
  if (line.positionals.empty()) throw UserError("missing argument: " + what);
  return line.positionals.front();
}

int Threads(const CommandLine& line, const Communicator& ranks) {
  return static_cast<int>(line.Integer("threads", 1, 4096).value_or(ranks.threads()));
}

}  // namespace anole::app
