// anole train: meta-trains, in a run directory that can be stopped and resumed at any time.
#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "agents/parallel_for.h"
#include "configs/toml_text.h"
#include "configs/user_error.h"
#include "envs/lean_model.h"
#include "meta/task_set.h"
#include "tools/app/command.h"
#include "tools/app/terminal_log.h"
#include "tools/app/training_aloud.h"
#include "tools/report/config_path.h"
#include "tools/report/seeds.h"
#include "tools/run/experiment.h"
#include "tools/run/logs/log.h"
#include "tools/run/process/interrupt.h"
#include "tools/run/run.h"
#include "tools/run/same_run.h"
#include "tools/run/shell_text.h"

namespace anole::app {
namespace {

namespace fs = std::filesystem;

Settings WithCommandLine(Settings settings, const CommandLine& line) {
  line.ApplyTo(settings);
  if (const auto seed = line.Get("seed")) settings.Set("run.seed", *seed);
  return settings;
}

Settings ReadSettings(const std::string& config, const CommandLine& line) {
  return WithCommandLine(Experiment::ReadToVary(report::FindConfig(config)), line);
}

// "configs/cheetah-direction.toml" trains into "runs/cheetah-direction-1", "zoo:ant" into
// "runs/ant-1".
std::string DirectoryPrefix(std::string config, const CommandLine& line) {
  if (config.starts_with(report::kZooPrefix)) config.erase(0, report::kZooPrefix.size());
  return line.Get("run-dir").value_or((fs::path("runs") / fs::path(config).stem()).string()) + "-";
}

Run Start(const CommandLine& line) {
  const std::string config = OnlyPositional(line, "CONFIG.toml, or --resume DIR");
  const KeepAssets keep;  // a robot is read twice: by itself, and as the command line changes it
  Experiment experiment(ReadSettings(config, line));
  const fs::path path = line.Get("run-dir").value_or(DirectoryPrefix(config, line) +
                                                     std::to_string(experiment.run.seed));
  return Run::Create(std::move(experiment), path, line.Has("overwrite"));
}

// Another component first: with it, the stored options of the present one would be refused instead.
void RefuseOtherComponents(const Settings& stored, const CommandLine& line) {
  Settings typed;
  for (const auto& [name, text] : line.settings) typed.Set(name, text);
  for (const OptionDescription& option : Experiment::Catalogue()) {
    const Setting *const own = stored.Find(option.name), *const other = typed.Find(option.name);
    if (option.choices.empty() || own == nullptr || other == nullptr) continue;
    const auto* const before = std::get_if<std::string>(&own->value);
    const auto* const word = std::get_if<std::string>(&other->value);
    if (before == nullptr || word == nullptr || *before == *word) continue;
    RefuseChange("--resume", {option.name, TomlText(*before), TomlText(*word), option.use});
  }
}

Run Resume(const std::string& path, const CommandLine& line) {
  if (!line.positionals.empty()) {
    throw UserError("--resume takes the config of the run; '" + line.positionals.front() +
                    "' cannot be given as well");
  }
  for (const char* flag : {"run-dir", "overwrite", "seeds"}) {
    if (line.Has(flag)) {
      throw UserError(std::string("--resume and --") + flag + " exclude each other");
    }
  }
  const Settings stored = Settings::FromFile(RunDirectory::Open(path).config());
  RefuseOtherComponents(stored, line);
  return Run::Resume(WithCommandLine(stored, line), path, "--resume");
}

// The exit code.
int TrainOne(Run run, const Communicator& ranks) {
  const std::string path = run.directory().path().string();
  if (const auto end = run.end(); end && run.state().iteration > 0) {
    const std::int64_t iterations = run.experiment().trainer.iterations;
    LogInfo(fmt::format("{}: {}{}", path, EndText(run, *end),
                        end == Stop::kDone
                            ? fmt::format("; --meta.iterations={} goes on", 2 * iterations)
                            : "; another limit goes on"));
    return 0;
  }
  const Stop stop = TrainAloud(run, ranks);
  if (stop == Stop::kDiverged) return kExitFailure;  // with a hint of its own
  if (!run.finished()) {
    LogInfo(fmt::format("go on with: {} train --resume {}", ProgramName(), ShellPath(path)));
  }
  // Also where the last iteration was the one to end.
  if (InterruptGuard::signal() != 0) return ExitCodeOf(InterruptGuard::signal());
  const bool has_unseen = ListedTasks(run.loop(), Phase::kTest).cols() == 0;
  LogInfo(fmt::format("evaluate it{} with: {} evaluate {}", has_unseen ? " on unseen tasks" : "",
                      ProgramName(), ShellPath(path)));
  return 0;
}

// One run after another; those that are finished are passed over, those that were stopped go on.
// One that diverged ends so again, so it is told and passed over as well; the others are trained.
int TrainSeeds(const std::string& seeds, const CommandLine& line, const Communicator& ranks) {
  for (const char* flag : {"seed", "overwrite"}) {
    if (line.Has(flag)) {
      throw UserError(std::string("--seeds and --") + flag + " exclude each other");
    }
  }
  const std::string config = OnlyPositional(line, "CONFIG.toml");
  std::vector<std::pair<Settings, std::string>> runs;
  for (const std::int64_t seed : report::ParseSeeds("--seeds", seeds)) {
    Settings settings = ReadSettings(config, line);
    settings.Set("run.seed", std::to_string(seed));
    const std::string path = DirectoryPrefix(config, line) + std::to_string(seed);
    Run::CheckCreateOrResume(settings, path);
    runs.emplace_back(std::move(settings), path);
  }
  const InterruptGuard interrupts("stopping before the next run",
                                  "stopped at once; the same command goes on where it was");
  int sweep_code = 0;
  for (const auto& [settings, path] : runs) {
    if (InterruptGuard::signal() != 0) return ExitCodeOf(InterruptGuard::signal());
    Run run = Run::CreateOrResume(settings, path);
    if (run.divergence()) {
      LogError(fmt::format("{}: has diverged: {}", path, run.divergence()->reason));
      sweep_code = kExitFailure;
      continue;
    }
    const int exit_code = TrainOne(std::move(run), ranks);
    if (exit_code == kExitFailure) {
      sweep_code = exit_code;
    } else if (exit_code != 0) {
      return exit_code;
    }
  }
  return sweep_code;
}

int RunTrain(const CommandLine& line, const Communicator& ranks) {
  int exit_code = 0;
  WithThreads(Threads(line, ranks), [&] {
    if (const auto path = line.Get("resume")) {
      exit_code = TrainOne(Resume(*path, line), ranks);
    } else if (const auto seeds = line.Get("seeds")) {
      exit_code = TrainSeeds(*seeds, line, ranks);
    } else {
      exit_code = TrainOne(Start(line), ranks);
    }
  });
  return exit_code;
}

const RegisterCommand registration(
    {.place = 1,
     .name = "train",
     .usage = "anole train (CONFIG.toml | --resume DIR) [--section.option=value ...]",
     .summary = "Meta-trains a policy. All options of a config may be overridden on the command "
                "line. Ctrl-C ends the current iteration, writes a checkpoint and says how to go "
                "on; a second Ctrl-C stops at once.",
     .flags =
         {{"run-dir", "DIR",
           "where the run is kept; default: runs/<config name>-<seed>. With --seeds: DIR-<seed>"},
          {"overwrite", "", "replace a run that is there already"},
          {"resume", "DIR", "go on with a run, exactly as if it had not been stopped"},
          {"seed", "N", "short for --run.seed"},
          {"seeds", "A-B",
           "a run for each seed, one after another (1-5, or 1,3,7); the same command again "
           "goes on with what was stopped and passes over what is finished"},
          kThreadsFlag,
          kQuietFlag,
          kLogLevelFlag},
     .takes_options = true,
     .max_positionals = 1,
     .takes = Takes::kConfig,
     .run_on_ranks = RunTrain});

}  // namespace
}  // namespace anole::app
