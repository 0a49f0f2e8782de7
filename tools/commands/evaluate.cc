// anole evaluate: how a trained policy adapts to tasks that it was not trained on.
#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "meta/evaluation.h"
#include "tools/command.h"
#include "tools/experiment.h"
#include "tools/run_directory.h"

namespace anole {
namespace {

using Json = nlohmann::ordered_json;

Json ToJson(const Score& score) {
  return {{"mean", score.mean},
          {"ci95", score.ci95},
          {"spread", score.spread},
          {"min", score.min},
          {"max", score.max}};
}

Json ToJson(const Evaluation& evaluation, const Experiment& experiment,
            const InnerLoopSpec& spec) {
  Json json = {{"family", experiment.family()}};
  const std::string samples = experiment.rolls_out() ? "env_steps" : "examples";
  for (Eigen::Index k = 0; k < evaluation.scores.rows(); ++k) {
    Json update = {{"update", k}, {spec.score, ToJson(Summarize(evaluation.scores.row(k)))}};
    if (experiment.rolls_out()) {
      update["deterministic_" + spec.score] =
          ToJson(Summarize(evaluation.deterministic_scores.row(k)));
    }
    update[samples] = evaluation.samples[k];
    json["updates"].push_back(std::move(update));
  }
  for (Eigen::Index i = 0; i < evaluation.tasks.cols(); ++i) {
    Json task;
    for (std::size_t row = 0; row < spec.task_parameters.size(); ++row) {
      task[spec.task_parameters[row].name] = evaluation.tasks(static_cast<Eigen::Index>(row), i);
    }
    task[spec.score] = std::vector<double>(evaluation.scores.col(i).begin(),
                                           evaluation.scores.col(i).end());
    json["tasks"].push_back(std::move(task));
  }
  return json;
}

void PrintTable(const Evaluation& evaluation, const Experiment& experiment,
                const InnerLoopSpec& spec) {
  const bool rolls_out = experiment.rolls_out();
  fmt::print("{}: {} held-out tasks, mean {} +- 95 % interval\n", experiment.family(),
             evaluation.tasks.cols(), spec.score);
  fmt::print("{:>7}  {:>10}  {:>20}  {:>10}{}\n", "updates", rolls_out ? "env steps" : "examples",
             spec.score, "spread", rolls_out ? fmt::format("  {:>20}", "without noise") : "");
  for (Eigen::Index k = 0; k < evaluation.scores.rows(); ++k) {
    const Score score = Summarize(evaluation.scores.row(k));
    const Score greedy = Summarize(evaluation.deterministic_scores.row(k));
    fmt::print("{:>7}  {:>10.0f}  {:>20}  {:>10.4g}{}\n", k, evaluation.samples[k],
               fmt::format("{:.4g} +- {:.3g}", score.mean, score.ci95), score.spread,
               rolls_out ? fmt::format("  {:>20}", fmt::format("{:.4g} +- {:.3g}", greedy.mean,
                                                               greedy.ci95))
                         : "");
  }
}

int RunEvaluate(const CommandLine& line) {
  const int threads = Threads(line);
  const RunDirectory directory = RunDirectory::Open(OnlyPositional(line, "RUN, a run directory"));
  Settings settings = Settings::FromFile(directory.config());
  line.ApplyTo(settings);
  for (const char* flag : {"updates", "tasks", "rollouts", "seed"}) {
    if (const auto value = line.Get(flag)) settings.Set(std::string("evaluation.") + flag, *value);
  }
  Experiment experiment(settings);
  const std::unique_ptr<InnerLoop> loop = experiment.MakeLoop();
  const std::string theta = line.Get("theta").value_or(directory.LatestCheckpoint().string());
  const MetaState state = theta == "random"
                              ? loop->Initial(static_cast<std::uint64_t>(experiment.run.seed))
                              : LoadState(theta, loop->spec().layout);
  Evaluation evaluation;
  WithThreads(threads,
              [&] { evaluation = Evaluate(*loop, state, Phase::kTest, experiment.evaluation); });
  if (line.Has("json")) {
    fmt::print("{}\n", ToJson(evaluation, experiment, loop->spec()).dump(2));
  } else {
    PrintTable(evaluation, experiment, loop->spec());
  }
  return 0;
}

}  // namespace

const Command kEvaluateCommand = {
    .name = "evaluate",
    .usage = "anole evaluate RUN [--updates K] [--json] [--section.option=value ...]",
    .summary = "Adapts a trained policy to held-out tasks and tells its return after 0 to K "
               "updates. The episodes that score an update feed the next one. Options of the run "
               "may be changed, for instance the range of goals.",
    .flags = {{"updates", "K", "short for --evaluation.updates"},
              {"tasks", "N", "short for --evaluation.tasks"},
              {"rollouts", "M", "short for --evaluation.rollouts"},
              {"seed", "N", "short for --evaluation.seed: other held-out tasks and episodes"},
              {"theta", "random|FILE",
               "adapt random initial parameters, or those of a safetensors file"},
              {"json", "", "print all results as JSON"},
              kThreadsFlag},
    .takes_options = true,
    .max_positionals = 1,
    .run = RunEvaluate};

}  // namespace anole
