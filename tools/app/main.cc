// The program `anole`.
#include <fmt/format.h>

#include <array>
#include <csignal>
#include <cstddef>
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
#include "configs/user_error.h"
#include "envs/mujoco.h"
#include "tools/app/advice.h"
#include "tools/app/command.h"
#include "tools/app/help.h"
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

int RunCommand(const std::vector<std::string>& args, const Communicator& ranks) {
  CheckMujocoVersion();
  const std::string name = args.empty() ? "help" : args.front();
  if (name == "--version" || name == "-v") {
    PrintVersion();
    return 0;
  }
  if (name == "help" || name == "--help" || name == "-h") {
    PrintHelp(args.empty() ? args : std::vector(args.begin() + 1, args.end()));
    return 0;
  }
  const Command& command = FindCommand(name);
  const std::vector<std::string> rest(args.begin() + 1, args.end());
  for (const std::string& arg : rest) {
    if (arg == "--help" || arg == "-h") {
      PrintHelp({command.name});
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

// Signals that are to be ignored, as SIGHUP under nohup. Libraries may take them before main begins
// (UCX, which OpenMPI 5 brings, takes SIGHUP), so what was asked for is noted before they begin.
std::array<bool, kStopSignals.size()> was_ignored;

void NoteIgnored(int /*argc*/, char** /*argv*/, char** /*environment*/) {
  for (std::size_t i = 0; i < kStopSignals.size(); ++i) {
    struct sigaction now{};
    sigaction(kStopSignals[i], nullptr, &now);
    was_ignored[i] = now.sa_handler == SIG_IGN;
  }
}
[[gnu::section(".preinit_array"), gnu::used]] auto* const before_libraries = NoteIgnored;

void IgnoreAsAsked() {
  for (std::size_t i = 0; i < kStopSignals.size(); ++i) {
    if (was_ignored[i]) std::signal(kStopSignals[i], SIG_IGN);
  }
}

}  // namespace
}  // namespace anole::app

int main(int argc, char** argv) {
  anole::PrepareStreams();
  anole::app::StartTerminalLog();
  std::set_terminate(anole::app::EndOfUncaught);
  anole::app::IgnoreAsAsked();
  // A file that may not grow is an error to report, not a reason to be killed.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return anole::app::Main({argv + 1, argv + argc});
  } catch (...) {
    anole::app::EndOfUncaught();
  }
}
