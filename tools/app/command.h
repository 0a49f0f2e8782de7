// The commands of the program `anole`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "configs/command_line.h"
#include "configs/lister.h"
#include "configs/settings.h"
#include "meta/communicator.h"

namespace anole::app {

// Which files or folders the arguments of a command name.
enum class Takes {
  kNoFile,
  kConfig,
  kTaskFile,
  kConfigOrTaskFile,
  kComparison,
  kTuning,
  kRun,
  kRunOrSweep,
  kRunThenFiles,
  kRunOrParameters,
};

struct Command {
  int place = 0;  // among the others in `anole help`, from 1 on
  std::string name;
  std::string usage;    // "anole train CONFIG.toml [--resume DIR] ..."
  std::string summary;  // what it does, for --help; the first sentence is listed by `anole help`
  std::vector<Flag> flags;
  bool takes_options = false;   // --section.option=value
  bool options_of_run = false;  // they default to what the run has
  std::size_t max_positionals = 0;
  Takes takes = Takes::kNoFile;
  // One of these two is there, and runs on rank 0 only. They return the exit code and throw
  // UserError; the second has other ranks help.
  int (*run)(const CommandLine& line) = nullptr;
  int (*run_on_ranks)(const CommandLine& line, const Communicator& ranks) = nullptr;
};

// Makes a command one of the program's: an object of static duration in the command's file.
class RegisterCommand {
 public:
  explicit RegisterCommand(Command command);
};

// All of them, by their places.
std::vector<const Command*> Commands();

// Throws UserError with the nearest names where there is none of that name.
const Command& FindCommand(const std::string& name);

// Exit codes beside 0.
inline constexpr int kExitFailure = 1, kExitUserError = 2;
// Of a process that a signal has ended, as shells count: 130 for Ctrl-C, 143 for SIGTERM.
int ExitCodeOf(int signal);

// "runs/x/metrics.csv: No space left on device"
std::string Describe(const std::filesystem::filesystem_error& error);

// The program as it was called, for hints that can be typed as they are printed.
std::string ProgramName();

// The one positional argument of a command; throws UserError with `what` it should be.
std::string OnlyPositional(const CommandLine& line, const std::string& what);

// "threads", or the cores that this process may use.
int Threads(const CommandLine& line, const Communicator& ranks = Alone());
inline const Flag kThreadsFlag = {
    "threads", "N",
    "threads to use, on each rank of an MPI job; default: the cores that this process may use"};

}  // namespace anole::app
