// The program `anole`.
#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <new>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "configs/excerpt.h"
#include "configs/help.h"
#include "configs/settings.h"
#include "configs/suggest.h"
#include "configs/text_lines.h"
#include "configs/user_error.h"
#include "envs/mujoco.h"
#include "tools/app/advice.h"
#include "tools/app/command.h"
#include "tools/app/terminal_log.h"
#include "tools/report/config_path.h"
#include "tools/run/experiment.h"
#include "tools/run/process/interrupt.h"
#include "tools/run/process/provenance.h"
#include "tools/run/process/standard_streams.h"
#include "tools/run/shared_work.h"

namespace anole::app {

namespace {

namespace fs = std::filesystem;

const Command& FindCommand(const std::string& name) {
  std::vector<std::string> names = {"help", "--version"};
  for (const Command* command : Commands()) {
    if (command->name == name) return *command;
    names.push_back(command->name);
  }
  throw UserError("unknown command '" + name + "'" + Suggestion(name, names));
}

void PrintHelp(const Command& command) {
  auto options = command.takes_options ? Experiment::Catalogue() : std::vector<OptionDescription>{};
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
  fmt::print("{}", FormatHelp(command.usage, command.summary, command.flags, options));
}

// Of the options of training those that a family has, with the values that they then have.
void PrintHelpOfFamily(const Command& command, const std::string& family) {
  Settings settings;
  settings.Set("task.family", family);
  auto options = Experiment(settings).Options();
  std::erase_if(options, [&](const OptionDescription& option) {
    return command.options_of_run && !ActsOnAdaptation(option.use);
  });
  fmt::print("{}", FormatHelp(command.usage, "With task.family = \"" + family + "\".",
                              command.flags, options));
}

// Every component's option of that name.
void PrintOption(const std::string& typed) {
  const std::string name = typed.starts_with("--") ? typed.substr(2) : typed;
  std::vector<OptionDescription> found;
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
  fmt::print("{}", FormatHelp("--" + name + "=VALUE, or in a config", "", {}, found));
  fmt::print("\nA run that is gone on with {} have another value of it.\n",
             may_change ? "may" : "cannot");
}

void PrintOverview() {
  constexpr std::size_t kIndent = 12;
  fmt::print(
      "anole meta-trains control policies: after training on a distribution of MuJoCo\n"
      "tasks, the policy adapts to a task it has never seen in a few policy-gradient\n"
      "updates.\n\n"
      "usage: anole COMMAND ...\n\n");
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

void PrintVersion() {
  const auto facts = ProgramFacts();
  const auto text = [&](const char* key) { return facts[key].get<std::string>(); };
  fmt::print("anole {} (MuJoCo {}, {}, {})\n", text("anole"), text("mujoco"),
             text("instruction_set"), text("compiler"));
}

// What a relative path is relative to: errors about it would have no name to tell.
void CheckWorkingFolder() {
  std::error_code error;
  if (fs::current_path(error).empty()) {
    throw UserError("the working folder is not there any more (" + error.message() +
                    "); change to another one");
  }
}

// Where a run is taken, "zoo:NAME" becomes the folder of the entry.
void FindZooArguments(const Command& command, CommandLine& line) {
  if (command.takes != Takes::kRun && command.takes != Takes::kRunOrSweep &&
      command.takes != Takes::kRunThenFiles && command.takes != Takes::kRunOrParameters) {
    return;
  }
  for (std::string& argument : line.positionals) {
    if (argument.starts_with(report::kZooPrefix))
      argument = report::FindZooEntry(argument).string();
  }
}

void Help(const std::vector<std::string>& words) {
  if (words.empty() || words.front() == "help") return PrintOverview();
  if (words.size() == 1 && words.front().find('.') != std::string::npos) {
    return PrintOption(words.front());
  }
  const Command& command = FindCommand(words.front());
  if (words.size() == 1) return PrintHelp(command);
  if (words.size() > 2) {
    throw UserError("help takes a command and a task family, not also '" + words[2] + "'");
  }
  if (!command.takes_options) {
    throw UserError("help: " + command.name + " takes no options of a config, so '" + words[1] +
                    "' says nothing of it");
  }
  PrintHelpOfFamily(command, words[1]);
}

int RunCommand(const std::vector<std::string>& args, const Communicator& ranks) {
  CheckMujocoVersion();
  const std::string name = args.empty() ? "help" : args.front();
  if (name == "--version" || name == "-v") {
    PrintVersion();
    return 0;
  }
  if (name == "help" || name == "--help" || name == "-h") {
    Help(args.empty() ? args : std::vector(args.begin() + 1, args.end()));
    return 0;
  }
  const Command& command = FindCommand(name);
  const std::vector<std::string> rest(args.begin() + 1, args.end());
  for (const std::string& arg : rest) {
    if (arg == "--help" || arg == "-h") {
      PrintHelp(command);
      return 0;
    }
  }
  const auto options =
      command.takes_options ? Experiment::Catalogue() : std::vector<OptionDescription>{};
  CommandLine line =
      ParseCommandLine(rest, command.flags, options, command.max_positionals,
                       [&](std::string_view typed, const std::string& suggestion) {
                         return AdviceOnOption(command, Commands(), typed, suggestion);
                       });
  SetUpLog(line);
  FindZooArguments(command, line);
  CheckArguments(command, line);
  if (command.max_positionals > 0) CheckWorkingFolder();
  const int code =
      command.run_on_ranks != nullptr ? command.run_on_ranks(line, ranks) : command.run(line);
  // One that came while a result was written, and waited.
  return code == 0 && InterruptGuard::signal() != 0 ? ExitCodeOf(InterruptGuard::signal()) : code;
}

// Whether a message begins with "FILE:LINE:COLUMN: ", which editors and terminals can open.
bool BeginsWithPlace(const std::string& message) {
  std::string place = message.substr(0, message.find(": "));
  for (int i = 0; i < 2; ++i) {
    const std::size_t colon = place.rfind(':');
    if (colon == std::string::npos || colon + 1 == place.size() ||
        place.find_first_not_of("0123456789", colon + 1) != std::string::npos) {
      return false;
    }
    place.resize(colon);
  }
  return !place.empty();
}

// One line that can be read, whatever the user's names and values hold.
void PrintError(std::string message) {
  constexpr std::size_t kLongest = 4000;  // [bytes]
  message = OneLine(Excerpt(message, kLongest));
  Tell(fmt::format("{}{}\n", BeginsWithPlace(message) ? "" : "anole: ", message));
}

// A script that gives each of its processes work of its own must not be mistaken for an MPI job.
void CheckSameCommand(const std::vector<std::string>& args, const Communicator& ranks) {
  if (nlohmann::json(args).dump() != ranks.Broadcast(nlohmann::json(args).dump())) {
    throw std::runtime_error(
        "was started with other arguments than rank 0; the ranks of an MPI job "
        "work on the same");
  }
}

// The exit code of `work`. What it throws is told; a failure ends the other ranks as well.
int Guarded(const Communicator& ranks, const std::function<int()>& work) {
  std::string message;
  try {
    return work();
  } catch (const UserError& error) {
    message = error.what();
    if (ranks.rank() == 0) {
      PrintError(message);
      return kExitUserError;
    }
  } catch (const std::bad_alloc&) {
    message =
        "not enough memory; what takes most of it are the sizes of networks, rollouts, the "
        "meta-batch and --threads";
  } catch (const std::filesystem::filesystem_error& error) {
    message = Describe(error);
  } catch (const std::system_error& error) {
    message = AreResultsLost() ? LostResultsText(error.code().value()) : error.what();
  } catch (const std::exception& error) {
    message = error.what();
  }
  PrintError(ranks.rank() == 0 ? message : fmt::format("rank {}: {}", ranks.rank(), message));
  if (ranks.size() > 1) ranks.Abort(kExitFailure);
  return kExitFailure;
}

int Main(const std::vector<std::string>& args) {
  std::unique_ptr<Communicator> ranks;
  const int failure = Guarded(Alone(), [&] {
    try {
      ranks = OpenCommunicator();
    } catch (const UserError&) {
      if (LaunchedRank() == 0) throw;  // told once
    }
    return 0;
  });
  if (ranks == nullptr) return failure;
  return Guarded(*ranks, [&] {
    if (ranks->size() > 1) CheckSameCommand(args, *ranks);
    if (ranks->rank() > 0) {
      AssistFirstRank(*ranks);
      return 0;
    }
    const int exit_code = Guarded(*ranks, [&] {
      const int code = RunCommand(args, *ranks);
      FlushResults();
      return code;
    });
    DismissRanks(*ranks);
    return exit_code;
  });
}

// What a library or the runtime throws where nobody can catch it. Allocates nothing.
[[noreturn]] void EndOfUncaught() {
  Tell("anole: failed where no error is expected");
  if (const std::exception_ptr thrown = std::current_exception()) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
      Tell(": ");
      Tell(error.what());
      // As the thread library has it, where the limits leave no room for another one.
      if (std::strstr(error.what(), "pthread_create") != nullptr) Tell("; try fewer --threads");
    } catch (...) {
      Tell(": an unknown exception");
    }
  }
  Tell("\n");
  std::_Exit(kExitFailure);
}

}  // namespace
}  // namespace anole::app

int main(int argc, char** argv) {
  anole::PrepareStreams();
  anole::app::StartTerminalLog();
  std::set_terminate(anole::app::EndOfUncaught);
  // A file that may not grow is an error to report, not a reason to be killed.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return anole::app::Main({argv + 1, argv + argc});
  } catch (...) {
    anole::app::EndOfUncaught();
  }
}
