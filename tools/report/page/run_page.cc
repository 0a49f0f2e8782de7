#include "tools/report/page/run_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <sstream>

#include "tools/report/evaluation_label.h"
#include "tools/report/plot/figure.h"
#include "tools/report/plot/metric_figure.h"
#include "tools/report/plot/run_figure.h"
#include "tools/report/seed_statistics.h"
#include "tools/run/count_text.h"
#include "tools/run/evaluation_file.h"
#include "tools/run/logs/run_history.h"
#include "tools/run/run_directory.h"

namespace anole::report {
namespace {

using plot::AdaptationData;
using plot::Group;
using plot::RunData;

const RunData& FirstOf(const std::vector<Group>& groups) {
  return groups.front().methods.front().front();
}

std::vector<const RunData*> AllRuns(const std::vector<Group>& groups) {
  std::vector<const RunData*> runs;
  for (const Group& group : groups) {
    for (const auto& method : group.methods) {
      for (const RunData& run : method) runs.push_back(&run);
    }
  }
  return runs;
}

std::string Drawn(const plot::Figure& figure) {
  return plot::DrawFigure(figure, plot::PictureFormat::kSvg);
}

// A row of scores: of a group, from what it has learned or from random initial parameters.
struct ScoresRow {
  const Group* group;
  AdaptationData RunData::* of = &RunData::adaptation;
};

// The scores of a row after k updates, for each of its methods: (seeds).
std::vector<Vector> StrataOf(const ScoresRow& row, Eigen::Index k) {
  std::vector<Vector> strata;
  for (const auto& runs : row.group->methods) {
    Vector& scores = strata.emplace_back(static_cast<Eigen::Index>(runs.size()));
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const Vector& all = (runs[i].*row.of).scores;
      scores[static_cast<Eigen::Index>(i)] = k < all.size() ? all[k] : std::nan("");
    }
  }
  return strata;
}

bool IsEvaluated(const ScoresRow& row) {
  return std::ranges::all_of(row.group->methods, [&](const auto& runs) {
    return std::ranges::all_of(runs,
                               [&](const RunData& run) { return (run.*row.of).scores.size() > 0; });
  });
}

// A row for each group, a column for each number of updates; of a single group also a row of random
// initial parameters.
void AddScores(const std::vector<Group>& groups, Page& page) {
  std::vector<ScoresRow> shown;
  for (const Group& group : groups) {
    if (IsEvaluated({&group})) shown.push_back({&group});
  }
  const ScoresRow random{&groups.front(), &RunData::random_init};
  if (groups.size() == 1 && IsEvaluated(random)) shown.push_back(random);
  if (shown.empty()) {
    page.Paragraph("Not evaluated yet: anole evaluate RUN.");
    return;
  }
  const RunData& first = shown.front().group->methods.front().front();
  std::vector<TableColumn> columns = {
      {.name = groups.size() > 1 ? "method" : "run", .cells = {}, .words = true},
      {.name = "training steps", .cells = {}}};
  for (const ScoresRow& row : shown) {
    const bool is_random = row.of == &RunData::random_init;
    columns[0].cells.push_back(is_random ? "random initial parameters" : row.group->name);
    const Vector& samples = row.group->methods.front().front().learning.samples;
    columns[1].cells.push_back(samples.size() == 0 || is_random
                                   ? "none"
                                   : SamplesText(std::llround(samples[samples.size() - 1])));
  }
  for (Eigen::Index k = 0; k < first.adaptation.scores.size(); ++k) {
    Vector centers(static_cast<Eigen::Index>(shown.size()));
    for (std::size_t i = 0; i < shown.size(); ++i) {
      centers[static_cast<Eigen::Index>(i)] = SeedsCenter(StrataOf(shown[i], k));
    }
    const int decimals = SharedDecimals(centers);
    TableColumn column{.name = CountText(k, first.update_name), .cells = {}};
    for (const ScoresRow& row : shown) {
      column.cells.push_back(SeedsCell(StrataOf(row, k), decimals));
    }
    columns.push_back(std::move(column));
  }
  Eigen::Index seeds = 1;
  for (const ScoresRow& row : shown) {
    seeds = std::max(seeds, static_cast<Eigen::Index>(row.group->methods.front().size()));
  }
  page.Table(columns,
             fmt::format("{} on {}. {}", first.score, AdaptationsLabel(first.adaptation.tasks),
                         seeds == 1 ? "" : SeedsExplanation(seeds)));
}

// The evaluation that a single run's curve is of.
std::optional<EvaluationRecord> RecordOf(const std::vector<Group>& groups) {
  const RunData& run = FirstOf(groups);
  if (AllRuns(groups).size() > 1 || run.evaluation.empty()) return std::nullopt;
  return ReadEvaluation(run.evaluation);
}

TableColumn Numbers(const std::string& name, VectorIn values) {
  TableColumn column{.name = name, .cells = {}};
  const int decimals = SharedDecimals(values);
  for (const double value : values) column.cells.push_back(ScoreText(value, decimals));
  return column;
}

TableColumn Counts(const std::string& name, VectorIn values) {
  TableColumn column{.name = name, .cells = {}};
  for (const double value : values) column.cells.push_back(fmt::format("{:.0f}", value));
  return column;
}

// Of one run: how far to trust its mean, how tasks differ.
void AddSummary(const EvaluationRecord& record, const AdaptationData& random, Page& page) {
  const Evaluation& evaluation = record.evaluation;
  const Eigen::Index updates = evaluation.scores.rows();
  Vector count(updates), mean(updates), ci95(updates), spread(updates), worst(updates),
      quiet(updates), success(updates);
  for (Eigen::Index k = 0; k < updates; ++k) {
    const auto of = [&](const Matrix& scores) {
      return Summarize(evaluation, scores.row(k), record.higher_is_better);
    };
    const Score score = of(evaluation.scores);
    count[k] = static_cast<double>(k);
    mean[k] = score.mean;
    ci95[k] = score.ci95;
    spread[k] = score.spread;
    worst[k] = score.worst;
    quiet[k] = of(evaluation.deterministic_scores).mean;
    success[k] = evaluation.successes.row(k).mean();
  }
  std::vector<TableColumn> columns = {
      Counts("updates", count),
      Counts(record.rolls_out ? "environment steps" : "examples", evaluation.samples),
      Numbers("mean " + record.score, mean)};
  const auto add = [&](const std::string& name, const Vector& values) {
    if (!values.array().isNaN().all()) columns.push_back(Numbers(name, values));
  };
  add("95 % interval, +-", ci95);
  add("spread between tasks", spread);
  add(WorstLabel(evaluation.tasks.cols()), worst);
  add("without noise", quiet);
  if (random.scores.size() == updates) {
    add("random initial parameters", random.scores);
    add("their interval, +-", random.ci95);
  }
  if (!success.array().isNaN().all()) {
    TableColumn column{.name = "success", .cells = {}};
    for (const double share : success) {
      column.cells.push_back(std::isnan(share) ? "failed" : fmt::format("{:.0f} %", 100 * share));
    }
    columns.push_back(std::move(column));
  }
  page.Table(columns, fmt::format("On {}.", AdaptationsLabel(TasksOf(evaluation, record.phase))));
}

// A row for each task, from the worst to the best after the last update.
void AddTasks(const EvaluationRecord& record, const std::string& update_name, Page& page) {
  const Evaluation& evaluation = record.evaluation;
  const Eigen::Index updates = evaluation.scores.rows(), tasks = evaluation.tasks.cols();
  Matrix scores(updates, tasks);
  for (Eigen::Index k = 0; k < updates; ++k) {
    scores.row(k) = evaluation.OfTasks(evaluation.scores.row(k)).transpose();
  }
  std::vector<Eigen::Index> order(static_cast<std::size_t>(tasks));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  const double sign = record.higher_is_better ? 1 : -1;
  std::ranges::stable_sort(order, {}, [&](Eigen::Index task) {
    const double last = sign * scores(updates - 1, task);
    return std::isnan(last) ? -HUGE_VAL : last;
  });
  const auto sorted = [&](auto&& value) {
    Vector values(tasks);
    for (Eigen::Index i = 0; i < tasks; ++i) values[i] = value(order[static_cast<std::size_t>(i)]);
    return values;
  };
  std::vector<TableColumn> columns = {
      Counts("task", sorted([](Eigen::Index task) { return static_cast<double>(task); }))};
  constexpr std::size_t kMostParameters = 8;
  for (std::size_t p = 0; p < std::min(record.task_parameters.size(), kMostParameters); ++p) {
    const auto& [name, unit] = record.task_parameters[p];
    columns.push_back(
        Numbers(unit.empty() ? name : name + " [" + unit + "]", sorted([&](Eigen::Index task) {
                  return evaluation.tasks(static_cast<Eigen::Index>(p), task);
                })));
  }
  for (Eigen::Index k = 0; k < updates; ++k) {
    columns.push_back(Numbers(CountText(k, update_name),
                              sorted([&](Eigen::Index task) { return scores(k, task); })));
  }
  page.Begin(fmt::format("Each of the {}, the worst first", CountText(tasks, "task")));
  page.Table(columns);
  page.End();
}

void AddTraining(const std::vector<Group>& groups, Page& page) {
  std::vector<std::string> figures;
  for (const char* metric : {"inner/kl", "inner/log_std", "step_multiplier/update_1",
                             "meta/step_norm", "meta/adapted_cosine", "inner/explained_variance"}) {
    if (const auto figure = plot::MetricFigure(groups, metric)) figures.push_back(Drawn(*figure));
  }
  if (figures.empty()) return;
  page.Begin("How training went: steps and KL over time");
  page.Figures(figures);
  page.Paragraph("What each is: anole list metrics.");
  page.End();
}

// Where the time of each run went.
void AddTimes(const std::vector<Group>& groups, Page& page) {
  std::vector<TableColumn> columns = {{.name = "run", .cells = {}, .words = true}};
  for (const char* name : {"minutes", "samples per second", "in the simulator", "idle"}) {
    columns.push_back({.name = name, .cells = {}});
  }
  for (const RunData* run : AllRuns(groups)) {
    const MetricsTable& table = *run->metrics;
    const auto column = [&](const std::string& name) {
      const auto place =
          static_cast<std::size_t>(std::ranges::find(table.names, name) - table.names.begin());
      std::vector<double> values;
      for (const auto& row : table.rows) {
        if (place < table.names.size() && std::isfinite(row[place])) values.push_back(row[place]);
      }
      return values;
    };
    const auto sum = [](const std::vector<double>& values) {
      return std::accumulate(values.begin(), values.end(), 0.0);
    };
    const auto share = [&](const std::string& name) {
      const std::vector<double> values = column(name);
      if (values.empty()) return std::string("-");
      const double mean = sum(values) / static_cast<double>(values.size());
      return fmt::format("{:.0f} %", 100 * std::min(mean, 1.0));
    };
    const double seconds = sum(column("time/iteration_s"));
    if (seconds <= 0) continue;
    const Vector& samples = run->learning.samples;
    columns[0].cells.push_back(run->path.filename().string());
    columns[1].cells.push_back(fmt::format("{:.1f}", seconds / 60));
    columns[2].cells.push_back(
        samples.size() == 0 ? "-" : fmt::format("{:.0f}", samples[samples.size() - 1] / seconds));
    columns[3].cells.push_back(share("time/simulation_share"));
    columns[4].cells.push_back(share("time/idle_share"));
  }
  if (columns[0].cells.empty()) return;
  page.Begin("Where time went");
  page.Table(
      columns,
      "Of training. Shares are estimates, means over iterations, cut off at 100 %: a machine "
      "that does other things as well makes both larger.");
  page.End();
}

std::string TextOf(const nlohmann::ordered_json& start, const char* key) {
  if (!start.contains(key) || start[key].is_null()) return "-";
  return start[key].is_string() ? start[key].get<std::string>() : start[key].dump();
}

// By what, where and when each run was made.
void AddProvenance(const std::vector<Group>& groups, Page& page) {
  const std::vector<std::pair<const char*, const char*>> facts = {
      {"start", "start"},       {"end", "end"},        {"ended", "ended"},       {"anole", "anole"},
      {"commit", "git_commit"}, {"MuJoCo", "mujoco"},  {"compiler", "compiler"}, {"CPU", "cpu"},
      {"cores", "cores"},       {"threads", "threads"}};
  std::vector<TableColumn> columns = {{.name = "run", .cells = {}, .words = true}};
  for (const auto& [name, key] : facts) {
    columns.push_back({.name = name, .cells = {}, .words = true});
  }
  for (const RunData* run : AllRuns(groups)) {
    for (const auto& start : ReadStarts(RunDirectory::Open(run->path).meta())) {
      columns[0].cells.push_back(run->path.filename().string());
      for (std::size_t i = 0; i < facts.size(); ++i) {
        std::string text = TextOf(start, facts[i].second);
        if (std::string(facts[i].second) == "git_commit") text = text.substr(0, 10);
        columns[i + 1].cells.push_back(std::move(text));
      }
    }
  }
  if (columns[0].cells.empty()) return;
  page.Begin("By which program, on which machine");
  page.Table(columns);
  page.End();
}

void AddCommands(const std::vector<Group>& groups, Page& page) {
  constexpr std::size_t kMost = 12;
  std::vector<std::string> commands;  // one may have made many runs
  const std::vector<const RunData*> runs = AllRuns(groups);
  for (const RunData* run : runs) {
    const auto starts = ReadStarts(RunDirectory::Open(run->path).meta());
    if (starts.empty()) continue;
    const std::string command = TextOf(starts.front(), "command");
    if (std::ranges::find(commands, command) == commands.end()) commands.push_back(command);
  }
  page.Heading("To do it again");
  const std::size_t more = commands.size() - std::min(commands.size(), kMost);
  commands.resize(commands.size() - more);
  if (more > 0) commands.push_back(fmt::format("... and {} more", more));
  if (!commands.empty()) page.Code(fmt::format("{}\n", fmt::join(commands, "\n")));
  const std::ifstream file(RunDirectory::Open(runs.front()->path).config());
  std::ostringstream config;
  config << file.rdbuf();
  page.Begin(runs.size() == 1 ? "All its options"
                              : "All options of " + runs.front()->path.filename().string());
  page.Code(config.str());
  page.End();
}

// "5 runs, of seeds 1, 2, 3, 4, 5; 8M environment steps each"
std::string Subtitle(const std::vector<Group>& groups) {
  const std::vector<const RunData*> runs = AllRuns(groups);
  std::string text = CountText(static_cast<std::int64_t>(runs.size()), "run");
  if (groups.size() > 1) {
    return text + " of " + CountText(static_cast<std::int64_t>(groups.size()), "method");
  }
  std::string seeds;
  for (const RunData* run : runs)
    seeds += fmt::format("{}{}", seeds.empty() ? "" : ", ", run->seed);
  text += fmt::format(", of {} {}", runs.size() == 1 ? "seed" : "seeds", seeds);
  const Vector& samples = runs.front()->learning.samples;
  if (samples.size() == 0) return text;
  return text + fmt::format("; {} {}{}", SamplesText(std::llround(samples[samples.size() - 1])),
                            runs.front()->rolls_out ? "environment steps" : "examples",
                            runs.size() == 1 ? "" : " each");
}

}  // namespace

std::string RunsAsPage(const std::vector<Group>& groups, const RunPage& more) {
  const RunData& first = FirstOf(groups);
  const plot::Figure figure = plot::RunFigure(groups);
  Page page(more.title.empty() ? first.family : more.title, Subtitle(groups));
  page.Figures({Drawn(figure)});
  page.Heading("After so many updates");
  if (const auto record = RecordOf(groups)) {
    AddSummary(*record, first.random_init, page);
    AddTasks(*record, first.update_name, page);
  } else {
    AddScores(groups, page);
  }
  if (!more.clips.empty()) {
    page.Heading("Worst and best task");
    page.Clips(more.clips);
  }
  AddTraining(groups, page);
  AddTimes(groups, page);
  AddCommands(groups, page);
  AddProvenance(groups, page);
  return page.Finish();
}

}  // namespace anole::report
