#include "tools/app/command.h"

#include <cerrno>

#include "configs/user_error.h"
#include "tools/run/shell_text.h"

namespace anole {

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

}  // namespace anole
