#include "tools/report/compare/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "configs/toml_text.h"
#include "meta/task_set.h"
#include "tools/report/compare/stored_evaluation.h"
#include "tools/run/divergence.h"
#include "tools/run/experiment.h"
#include "tools/run/logs/log.h"
#include "tools/run/process/interrupt.h"
#include "tools/run/run_directory.h"

namespace anole::compare {
namespace {

namespace fs = std::filesystem;

fs::path RunPath(const fs::path& folder, const Method& method, std::int64_t seed) {
  return folder / (method.name + "-" + std::to_string(seed));
}

Settings RunSettings(const Method& method, std::int64_t seed) {
  Settings settings = method.settings;
  settings.Set("run.seed", std::to_string(seed));
  return settings;
}

// What is evaluated of a method: its own settings at `factor` times their step size.
Settings StepSettings(const Method& method, std::int64_t seed, double factor) {
  Settings settings = RunSettings(method, seed);
  const std::optional<StepOption> step = Experiment(settings).step_option();
  if (step) settings.Set(step->name, TomlText(factor * step->value));
  return settings;
}

// Why the run in `path` has no end worth a number.
std::optional<Divergence> DivergenceOf(const fs::path& path) {
  return ReadDivergence(RunDirectory::Open(path));
}

std::size_t FactorsToTry(const Method& method) {
  return method.tune.size() > 1 ? method.tune.size() : 0;  // a single one needs no trial
}

// Tells how far the evaluations of a sweep are.
class EvaluationProgress {
 public:
  EvaluationProgress(const CompareSpec& spec, const SweepObserver& observer)
      : total_(Total(spec)), observer_(observer) {}

  void Next(const Method& method, std::int64_t seed) {
    if (!observer_.on_evaluation) return;
    observer_.on_evaluation(++done_, total_, fmt::format("{}, seed {}", method.name, seed));
  }

 private:
  static std::size_t Total(const CompareSpec& spec) {
    std::size_t evaluations = 0;
    for (const Method& method : spec.methods) {
      evaluations += (FactorsToTry(method) + 1) * spec.seeds.size();
    }
    return evaluations;
  }

  std::size_t total_, done_ = 0;
  const SweepObserver& observer_;
};

// Mean over tasks of the score after one update and more: what a step size is chosen by.
double TuningScore(const Evaluation& evaluation) {
  const Eigen::Index updates = evaluation.scores.rows() - 1;
  return evaluation.scores.bottomRows(std::max<Eigen::Index>(updates, 1)).mean();
}

// The factor that adapts best on validation tasks, over all seeds; nothing where interrupted.
double ChooseFactor(const Method& method, const CompareSpec& spec, const fs::path& folder,
                    const Communicator& ranks, EvaluationProgress& progress) {
  if (FactorsToTry(method) == 0) return method.tune.front();
  const InnerLoopSpec loop = Experiment(method.settings).MakeLoop()->spec();
  const bool rolls_out = loop.rolls_out;
  double best = -std::numeric_limits<double>::infinity(), chosen = method.tune.front();
  for (const double factor : method.tune) {
    double score = 0;
    for (const std::int64_t seed : spec.seeds) {
      if (DivergenceOf(RunPath(folder, method, seed))) continue;
      Settings settings = StepSettings(method, seed, factor);
      settings.Set("evaluation.tasks", std::to_string(spec.tune_tasks));
      if (rolls_out) settings.Set("evaluation.deterministic", "false");
      score += TuningScore(
          EvaluateOnce(settings, RunPath(folder, method, seed), Phase::kValidation, ranks));
      if (InterruptGuard::signal() != 0) return chosen;
      progress.Next(method, seed);
    }
    if (!loop.higher_is_better) score = -score;
    // A step that breaks the parameters down to NaN is never the best.
    if (!std::isnan(score) && score > best) {
      best = score;
      chosen = factor;
    }
  }
  return chosen;
}

void Train(Run& run, const Communicator& ranks, const SweepObserver& observer) {
  if (observer.train) return observer.train(run, ranks);
  run.Train({.should_stop = [] { return InterruptGuard::signal() != 0; }}, ranks);
}

// Of a run that diverged: no number of its own.
Evaluation NoEvaluation(const Settings& settings) {
  const Experiment experiment(settings);
  const EvaluationOptions& options = experiment.evaluation;
  const double none = std::numeric_limits<double>::quiet_NaN();
  const auto loop = experiment.MakeLoop();
  const EvaluationTasks chosen = TasksOf(*loop, Phase::kTest, options);
  const Matrix scores = Matrix::Constant(options.updates + 1, chosen.total(), none);
  return {.tasks = chosen.tasks,
          .adaptations = chosen.adaptations,
          .trained_on = CountTrainedOn(*loop, chosen.tasks),
          .scores = scores,
          .deterministic_scores = scores,
          .successes = scores,
          .samples = Vector::Constant(options.updates + 1, none)};
}

MethodResult ScoreMethod(const Method& method, double factor, const CompareSpec& spec,
                         const fs::path& folder, const Communicator& ranks,
                         EvaluationProgress& progress) {
  MethodResult result{.name = method.name, .row = method.row, .step_factor = factor};
  for (const std::int64_t seed : spec.seeds) {
    const Settings settings = StepSettings(method, seed, factor);
    const std::optional<StepOption> step = Experiment(settings).step_option();
    result.step_size = step ? step->value : std::nan("");
    const fs::path path = RunPath(folder, method, seed);
    if (const auto divergence = DivergenceOf(path)) {
      result.failures.push_back(fmt::format("seed {} diverged: {}", seed, divergence->reason));
      result.evaluations.push_back(NoEvaluation(settings));
      continue;
    }
    result.evaluations.push_back(EvaluateOnce(settings, path, Phase::kTest, ranks));
    if (const Eigen::Index broken = result.evaluations.back().broken_tasks(); broken > 0) {
      result.failures.push_back(
          fmt::format("seed {}: adaptation breaks the parameters on {} of {} tasks", seed, broken,
                      result.evaluations.back().tasks.cols()));
    }
    if (InterruptGuard::signal() != 0) break;
    progress.Next(method, seed);
  }
  return result;
}

}  // namespace

void CheckSweep(const CompareSpec& spec, const fs::path& folder) {
  for (const Method& method : spec.methods) {
    for (const std::int64_t seed : spec.seeds) {
      Run::CheckCreateOrResume(RunSettings(method, seed), RunPath(folder, method, seed));
    }
  }
}

bool RunSweep(const CompareSpec& spec, const fs::path& folder, const Communicator& ranks,
              const SweepObserver& observer, CompareResult& result) {
  const InterruptGuard interrupts("ending this evaluation; Ctrl-C again stops at once, without it",
                                  "stopped at once; the same command goes on where it was");
  const std::size_t runs = spec.methods.size() * spec.seeds.size();
  std::size_t number = 0;
  std::map<std::string, std::int64_t> samples;  // of a method's runs together
  for (const std::int64_t seed : spec.seeds) {
    for (const Method& method : spec.methods) {
      if (InterruptGuard::signal() != 0) return false;
      const fs::path path = RunPath(folder, method, seed);
      Run run = Run::CreateOrResume(RunSettings(method, seed), path);
      ++number;
      if (run.divergence()) {
        LogWarning(fmt::format("{}: has diverged: {}", path.string(), run.divergence()->reason));
      } else if (!run.finished()) {
        LogInfo(fmt::format("run {} of {}: {}, seed {}, in {}", number, runs, method.name, seed,
                            path.string()));
        // Whatever run.max_seconds says; one that diverged would end so again.
        while (!run.finished() && !run.divergence()) {
          Train(run, ranks, observer);
          if (InterruptGuard::signal() != 0) return false;  // in its last iteration, perhaps
        }
      }
      samples[method.name] += run.state().samples;
    }
  }
  const Experiment experiment(spec.methods.front().settings);
  result.family = experiment.family();
  result.spec = experiment.MakeLoop()->spec();
  result.seeds = spec.seeds;
  EvaluationProgress progress(spec, observer);
  for (const Method& method : spec.methods) {
    const double factor = ChooseFactor(method, spec, folder, ranks, progress);
    if (InterruptGuard::signal() != 0) return false;
    result.methods.push_back(ScoreMethod(method, factor, spec, folder, ranks, progress));
    result.methods.back().train_samples =
        samples[method.name] / static_cast<std::int64_t>(spec.seeds.size());
    if (InterruptGuard::signal() != 0) return false;
  }
  return true;
}

}  // namespace anole::compare
