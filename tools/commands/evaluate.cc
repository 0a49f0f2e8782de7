// anole evaluate: how a trained policy adapts to tasks that it was not trained on.
#include <fmt/format.h>

#include <cmath>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>

#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "meta/evaluation.h"
#include "tools/command.h"
#include "tools/count_text.h"
#include "tools/experiment.h"
#include "tools/progress.h"
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

Json UpdatesToJson(const Evaluation& evaluation, const Experiment& experiment,
                   const InnerLoopSpec& spec) {
  Json updates = Json::array();
  for (Eigen::Index k = 0; k < evaluation.scores.rows(); ++k) {
    Json update = {{"update", k}, {spec.score, ToJson(Summarize(evaluation.scores.row(k)))}};
    if (experiment.rolls_out()) {
      update["deterministic_" + spec.score] =
          ToJson(Summarize(evaluation.deterministic_scores.row(k)));
    }
    update[experiment.rolls_out() ? "env_steps" : "examples"] = evaluation.samples[k];
    updates.push_back(std::move(update));
  }
  return updates;
}

Json ToJson(const Evaluation& evaluation, const Experiment& experiment, const InnerLoopSpec& spec) {
  Json json = {{"family", experiment.family()},
               {"updates", UpdatesToJson(evaluation, experiment, spec)}};
  for (Eigen::Index i = 0; i < evaluation.tasks.cols(); ++i) {
    Json task;
    for (std::size_t row = 0; row < spec.task_parameters.size(); ++row) {
      task[spec.task_parameters[row].name] = evaluation.tasks(static_cast<Eigen::Index>(row), i);
    }
    task[spec.score] =
        std::vector<double>(evaluation.scores.col(i).begin(), evaluation.scores.col(i).end());
    json["tasks"].push_back(std::move(task));
  }
  return json;
}

// One decimal, so that the lines of a column agree; small numbers need more.
std::string NumberText(double value) {
  return std::abs(value) < 1 && value != 0 ? fmt::format("{:.3g}", value)
                                           : fmt::format("{:.1f}", value);
}

// Of what one task has none of.
std::string AmongTasksText(double value, VectorIn scores) {
  return scores.size() > 1 ? NumberText(value) : "-";
}

// "  -82.4 +-   7.1"
std::string ScoreText(VectorIn scores) {
  const Score score = Summarize(scores);
  return fmt::format("{:>8} +- {:>5}", NumberText(score.mean), AmongTasksText(score.ci95, scores));
}

// What the columns are that do not tell it themselves.
std::string Legend(bool rolls_out, bool has_baseline) {
  std::string text = "spread: standard deviation between tasks";
  if (rolls_out) text += "; without noise: no exploration";
  if (has_baseline) text += "; random init: untrained parameters, adapted as long";
  return text;
}

void PrintTable(const Evaluation& evaluation, const std::optional<Evaluation>& baseline,
                const Experiment& experiment, const InnerLoopSpec& spec) {
  const bool rolls_out = experiment.rolls_out();
  fmt::print("{}: {}, mean {} +- 95 % interval\n", experiment.family(),
             CountText(evaluation.tasks.cols(), "held-out task"), spec.score);
  fmt::print("{:>7}  {:>10}  {:>18}  {:>8}", "updates", rolls_out ? "env steps" : "examples",
             spec.score, "spread");
  if (rolls_out) fmt::print("  {:>18}", "without noise");
  if (baseline) fmt::print("  {:>18}", "random init");
  fmt::print("\n");
  for (Eigen::Index k = 0; k < evaluation.scores.rows(); ++k) {
    const Vector scores = evaluation.scores.row(k);
    fmt::print("{:>7}  {:>10.0f}  {:>18}  {:>8}", k, evaluation.samples[k], ScoreText(scores),
               AmongTasksText(Summarize(scores).spread, scores));
    if (rolls_out) fmt::print("  {:>18}", ScoreText(evaluation.deterministic_scores.row(k)));
    if (baseline) fmt::print("  {:>18}", ScoreText(baseline->scores.row(k)));
    fmt::print("\n");
  }
  fmt::print("{}\n", Legend(rolls_out, baseline.has_value()));
}

// Evaluate, which tells its progress on stderr; `whose` begins those lines.
Evaluation EvaluateAloud(const std::string& whose, const InnerLoop& loop, const MetaState& state,
                         Phase phase, const EvaluationOptions& options) {
  Progress progress(static_cast<double>(options.tasks), 0);
  std::int64_t shown = -1;
  std::mutex mutex;
  const auto show = [&](std::int64_t done) {
    const std::lock_guard lock(mutex);
    if (done <= shown) return;  // overtaken by another thread
    shown = done;
    progress.Show(static_cast<double>(done),
                  fmt::format("{}{}/{} tasks", whose, done, options.tasks));
  };
  show(0);
  return Evaluate(loop, state, phase, options, show);
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
  const MetaState random = loop->Initial(static_cast<std::uint64_t>(experiment.run.seed));
  const std::string theta = line.Get("theta").value_or(directory.LatestCheckpoint().string());
  const MetaState state = theta == "random" ? random : LoadState(theta, loop->spec().layout);
  const Phase phase = line.Has("validation") ? Phase::kValidation : Phase::kTest;
  Evaluation evaluation;
  std::optional<Evaluation> baseline;
  WithThreads(threads, [&] {
    evaluation = EvaluateAloud("", *loop, state, phase, experiment.evaluation);
    if (line.Has("baseline")) {
      baseline =
          EvaluateAloud("random initial parameters: ", *loop, random, phase, experiment.evaluation);
    }
  });
  if (line.Has("json")) {
    Json json = ToJson(evaluation, experiment, loop->spec());
    if (baseline) json["baseline"] = UpdatesToJson(*baseline, experiment, loop->spec());
    fmt::print("{}\n", json.dump(2));
  } else {
    PrintTable(evaluation, baseline, experiment, loop->spec());
  }
  return 0;
}

}  // namespace

const Command kEvaluateCommand = {
    .name = "evaluate",
    .usage = "anole evaluate RUN [--updates K] [--json] [--section.option=value ...]",
    .summary =
        "Adapts a trained policy to held-out tasks. The table has its return after 0 to K "
        "updates. The episodes that score an update feed the next one. Options may be changed, "
        "for instance the range of goals. Options default to those of the run.",
    .flags = {{"updates", "K", "short for --evaluation.updates"},
              {"tasks", "N", "short for --evaluation.tasks"},
              {"rollouts", "M", "short for --evaluation.rollouts"},
              {"seed", "N", "short for --evaluation.seed: other held-out tasks and episodes"},
              {"theta", "random|FILE",
               "adapt random initial parameters, or those of a safetensors file"},
              {"baseline", "", "adapt random initial parameters to the same tasks as well"},
              {"validation", "",
               "use the tasks of validation instead: tune on those, never on the held-out ones"},
              {"json", "", "print all results as JSON"},
              kThreadsFlag},
    .takes_options = true,
    .options_of_run = true,
    .max_positionals = 1,
    .run = RunEvaluate};

}  // namespace anole
