#include "tools/run/run.h"

#include <system_error>
#include <utility>

#include "configs/user_error.h"
#include "envs/task_checksum.h"
#include "meta/checkpoint.h"
#include "meta/trainer.h"
#include "tools/run/parameter_notes.h"
#include "tools/run/run_task.h"
#include "tools/run/same_run.h"
#include "tools/run/task_copy.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

// Whether there is something to go on with: a process may be killed before its first checkpoint.
bool HasCheckpoint(const fs::path& path) {
  return RunDirectory::IsOne(path) && !RunDirectory::Open(path).checkpoints().Files().empty();
}

// What a new run of this experiment begins with.
MetaState InitialState(const Experiment& experiment, const InnerLoop& loop) {
  MetaState state = loop.Initial(static_cast<std::uint64_t>(experiment.run.seed));
  const std::string& file = experiment.run.initial;
  if (file.empty()) return state;
  if (!experiment.run.any_family) {
    CheckFamily(file, ReadNotes(file), experiment, "--run.any_family=true");
  }
  const Learnable given = Learned(LoadState(file, loop.spec().layout));
  state.theta = given.theta;
  state.context = given.context;
  return state;
}

}  // namespace

Run::Run(RunDirectory directory, Experiment experiment, Loop loop, MetaState state)
    : directory_(std::move(directory)),
      experiment_(std::move(experiment)),
      loop_(std::move(loop)),
      state_(std::move(state)) {}

Run::Loop Run::MakeLoop(const Experiment& experiment) {
  Loop loop{.clock = std::make_unique<StepClock>()};
  if (experiment.rolls_out()) {
    auto control = experiment.MakeControlLoop(loop.clock.get());
    loop.control = control.get();
    loop.loop = std::move(control);
  } else {
    loop.loop = experiment.MakeLoop(loop.clock.get());
  }
  return loop;
}

Run Run::Create(Experiment experiment, const fs::path& path, bool overwrite) {
  RunDirectory::CheckCreate(path, overwrite);
  Loop loop = MakeLoop(experiment);
  experiment.CheckMemoryToTrain(*loop.loop);
  MetaState state = InitialState(experiment, *loop.loop);
  // Refused before anything is written.
  TrainingPlan(*loop.loop, *experiment.MakeGradient(), *experiment.MakeOptimizer());
  const auto kept = experiment.Kept();
  RunDirectory directory =
      RunDirectory::Create(path, overwrite, experiment.Toml(kept ? KeptPath(kept->files) : ""),
                           kept ? &kept->files : nullptr);
  if (kept) CheckCopy(directory);
  Run run(std::move(directory), std::move(experiment), std::move(loop), std::move(state));
  run.WriteCheckpoint();
  return run;
}

// Reads the run as it is to go on with `settings`; writes nothing.
Run Run::Read(Settings settings, RunDirectory directory, const std::string& where,
              AfterDivergence after) {
  if (NamesOtherTask(settings)) settings.Set(kChecksumOption, "any");  // compared below
  Experiment experiment = ExperimentOf(directory.path(), settings, kTaskStays);
  const fs::path checkpoint = directory.checkpoints().Latest();
  std::optional<Divergence> divergence = ReadDivergence(directory);
  const bool takes_steps = divergence && after == AfterDivergence::kOtherSteps;
  std::vector<OptionDifference> changed_steps;
  CheckSameRun(settings, directory, checkpoint, where, experiment,
               [&](const OptionDifference& difference) {
                 if (!takes_steps || !IsStepOption(difference.name)) return false;
                 changed_steps.push_back(difference);
                 return true;
               });
  if (!changed_steps.empty()) divergence.reset();
  Loop loop = MakeLoop(experiment);
  MetaState state = LoadState(checkpoint, loop.loop->spec().layout);
  CheckOptimizer(checkpoint, experiment.optimizer_memory(state.theta.size()));
  if (experiment.trainer.iterations < state.iteration) {
    throw UserError(where + ": meta.iterations = " + std::to_string(experiment.trainer.iterations) +
                    ", but the run has done " + std::to_string(state.iteration) + " already");
  }
  Run run(std::move(directory), std::move(experiment), std::move(loop), std::move(state));
  run.divergence_ = std::move(divergence);
  run.changed_steps_ = std::move(changed_steps);
  return run;
}

Run Run::Continue(const Settings& settings, const fs::path& path, const std::string& where,
                  AfterDivergence after) {
  Run unlocked = Read(settings, RunDirectory::Open(path), where, after);
  if (unlocked.finished()) return unlocked;
  if (unlocked.divergence_ && after == AfterDivergence::kAsItIs) return unlocked;  // nothing to do
  unlocked.experiment_.CheckMemoryToTrain(unlocked.loop());
  // Again, now that nobody else writes it.
  Run run = Read(settings, RunDirectory::OpenToTrain(path), where, after);
  run.directory_.WriteConfig(run.experiment_.Toml(RenewTask(run.directory_, run.experiment_)));
  return run;
}

Run Run::Resume(const Settings& settings, const fs::path& path, const std::string& where) {
  return Continue(settings, path, where, AfterDivergence::kOtherSteps);
}

Run Run::CreateOrResume(const Settings& settings, const fs::path& path) {
  if (HasCheckpoint(path)) {
    return Continue(settings, path, path.string(), AfterDivergence::kAsItIs);
  }
  return Create(Experiment(settings), path, /*overwrite=*/true);
}

void Run::CheckCreateOrResume(const Settings& settings, const fs::path& path) try {
  if (!HasCheckpoint(path)) {
    RunDirectory::CheckCreate(path, /*overwrite=*/true);
  } else if (!Read(settings, RunDirectory::Open(path), path.string(), AfterDivergence::kAsItIs)
                  .finished()) {
    RunLock::Check(path);
  }
} catch (const fs::filesystem_error& error) {
  throw UserError(path.string() + ": " + error.code().message());
}

Run Run::Open(const fs::path& path, const OpenRequest& request) {
  RunDirectory directory = RunDirectory::Open(path);
  Experiment experiment = ExperimentOf(directory.path(), SettingsToAdapt(request, directory));
  Loop loop = MakeLoop(experiment);
  MetaState state = StateToAdapt(request, directory, experiment, *loop.loop);
  return {std::move(directory), std::move(experiment), std::move(loop), std::move(state)};
}

std::optional<Stop> Run::end() const {
  if (state_.iteration >= experiment_.trainer.iterations) return Stop::kDone;
  if (experiment_.trainer.HasConverged(state_)) return Stop::kConverged;
  if (experiment_.validation.IsExhausted(state_)) return Stop::kPatience;
  const std::int64_t max = experiment_.run.max_env_steps;
  if (max > 0 && state_.samples >= max) return Stop::kMaxEnvSteps;
  return {};
}

void Run::WriteCheckpoint() {
  directory_.checkpoints().Write(state_, loop().spec().layout, NotesOf(experiment_),
                                 experiment_.run.retention());
}

}  // namespace anole
