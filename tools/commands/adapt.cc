// anole adapt: adapts a trained policy to one task of the user's choice and stores it.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "tools/command.h"
#include "tools/experiment.h"
#include "tools/goal.h"
#include "tools/run_directory.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

std::string Required(const CommandLine& line, const std::string& flag) {
  const auto value = line.Get(flag);
  if (!value) throw UserError("--" + flag + " is missing");
  return *value;
}

// Refuses before the work what would only fail after it.
void CheckOut(const fs::path& out) {
  const std::string flag = "--out=" + out.string();
  if (out.empty()) throw UserError(flag + ": must name a file");
  if (fs::is_directory(out)) throw UserError(flag + ": is a folder, not a file");
  const fs::path folder = fs::absolute(out).parent_path();
  if (!fs::is_directory(folder)) {
    throw UserError(flag + ": there is no folder " + folder.string());
  }
  if (access((fs::exists(out) ? out : folder).c_str(), W_OK) != 0) {
    throw UserError(flag + ": cannot be written: " + std::strerror(errno));
  }
}

int RunAdapt(const CommandLine& line) {
  const int threads = Threads(line);
  const RunDirectory directory = RunDirectory::Open(OnlyPositional(line, "RUN, a run directory"));
  const fs::path out = Required(line, "out");
  const std::string goal = Required(line, "goal");
  Settings settings = Settings::FromFile(directory.config());
  for (const char* flag : {"updates", "rollouts", "seed"}) {
    if (const auto value = line.Get(flag)) settings.Set(std::string("evaluation.") + flag, *value);
  }
  const Experiment experiment(settings);
  const std::unique_ptr<InnerLoop> loop = experiment.MakeLoop();
  const Vector task = ParseGoal(goal, loop->spec().task_parameters);
  CheckOut(out);
  MetaState state = LoadState(directory.LatestCheckpoint(), loop->spec().layout);
  const Plan plan{.updates = experiment.evaluation.updates,
                  .rollouts = experiment.evaluation.rollouts,
                  .score_last = true};
  const Address address{.seed = static_cast<std::uint64_t>(experiment.evaluation.seed),
                        .phase = Phase::kTest};
  Adaptation adaptation;
  WithThreads(threads, [&] { adaptation = loop->Adapt(state, task, address, plan); });
  state.theta = adaptation.params;
  SaveState(
      out, state, loop->spec().layout,
      {{"family", experiment.family()}, {"goal", goal}, {"updates", std::to_string(plan.updates)}});
  for (Eigen::Index k = 0; k <= plan.updates; ++k) {
    fmt::print("{} after {} updates: {:.5g}\n", loop->spec().score, k,
               adaptation.facts(kScoreFact, k));
  }
  fmt::print(stderr, "adapted parameters are in {}\n", out.string());
  return 0;
}

}  // namespace

const Command kAdaptCommand = {
    .name = "adapt",
    .usage = "anole adapt RUN --goal X[,Y] --out FILE.safetensors",
    .summary =
        "Adapts a trained policy to one task. The adapted parameters go into a file that "
        "`anole evaluate --theta` and `anole render --theta` accept.",
    .flags = {{"goal", "X[,Y]", "the task: its parameters, as `anole list` names them"},
              {"out", "FILE", "where to store the adapted parameters (safetensors)"},
              {"updates", "K", "inner updates; default: the run's evaluation.updates"},
              {"rollouts", "M", "episodes of an update; default: the run's evaluation.rollouts"},
              {"seed", "N", "of the episodes; default: the run's evaluation.seed"},
              kThreadsFlag},
    .max_positionals = 1,
    .run = RunAdapt};

}  // namespace anole
