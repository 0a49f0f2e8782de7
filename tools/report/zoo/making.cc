#include "tools/report/zoo/making.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>
#include <numeric>

#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "tools/report/compare/stored_evaluation.h"
#include "tools/report/pooled_evaluation.h"
#include "tools/run/divergence.h"
#include "tools/run/files/durable_file.h"
#include "tools/run/logs/run_history.h"
#include "tools/run/parameter_notes.h"
#include "tools/run/process/interrupt.h"
#include "tools/run/run_files.h"

namespace anole::zoo {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// Of UtcTime. [s]
double Seconds(const std::string& text) {
  tm time{};
  return strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &time) == nullptr
             ? std::nan("")
             : static_cast<double>(timegm(&time));
}

// Of all its starts together; NaN where one was killed, so that nobody knows.
double MinutesOf(const Json& starts) {
  double seconds = starts.empty() ? std::nan("") : 0;
  for (const Json& start : starts) {
    seconds += start["end"].is_null() ? std::nan("")
                                      : Seconds(start["end"].get<std::string>()) -
                                            Seconds(start["start"].get<std::string>());
  }
  return seconds / 60;
}

Evaluation EvaluationOf(const fs::path& run, const Communicator& ranks) {
  return compare::EvaluateOnce(Settings::FromFile(RunDirectory::Open(run).config()), run,
                               Phase::kTest, ranks);
}

void Summarize(const Evaluation& evaluation, bool higher_is_better, RunFigures& figures) {
  const Eigen::Index rows = evaluation.scores.rows();
  for (Vector* values : {&figures.means, &figures.ci95, &figures.spread, &figures.worst}) {
    values->resize(rows);
  }
  for (Eigen::Index k = 0; k < rows; ++k) {
    const anole::Score score =
        anole::Summarize(evaluation, evaluation.scores.row(k), higher_is_better);
    figures.means[k] = score.mean;
    figures.ci95[k] = score.ci95;
    figures.spread[k] = score.spread;
    figures.worst[k] = score.worst;
  }
}

void CheckRuns(const std::vector<fs::path>& runs) {
  for (const fs::path& path : runs) {
    for (const fs::path& first : runs) {
      if (&first == &path) break;
      report::CheckPoolable(first, path);
    }
    const Run run = Run::Open(path);
    if (const auto divergence = ReadDivergence(run.directory())) {
      throw UserError(path.string() + ": has diverged: " + divergence->reason);
    }
    if (!run.finished()) throw UserError(path.string() + ": is not finished");
  }
}

// What made the runs, from the last start of the first one.
void Describe(const fs::path& path, Entry& entry) {
  const Run run = Run::Open(path);
  const InnerLoopSpec& spec = run.loop().spec();
  entry.family = run.experiment().family();
  entry.score = spec.score;
  entry.higher_is_better = spec.higher_is_better;
  entry.rolls_out = run.experiment().rolls_out();
  entry.by_memory = run.experiment().adapts_by_memory();
  entry.samples = run.state().samples;
  entry.iterations = run.state().iteration;
  const Json starts = ReadStarts(run.directory().meta());
  if (starts.empty()) throw UserError(path.string() + ": its meta.json tells nothing of its start");
  const Json& start = starts.back();
  entry.anole = start.value("anole", "");
  entry.git_commit = start.value("git_commit", "");
  entry.mujoco = start.value("mujoco", "");
  entry.instruction_set = start.value("instruction_set", "");
  entry.cpu = start.value("cpu", "");
  entry.threads = start["threads"];
}

// The parameters of `run` alone: nothing that only training needs, in single precision.
void CopyRun(const fs::path& path, const fs::path& folder) {
  const Run run = Run::Open(path);
  MetaState state = run.state();
  state.optimizer.resize(0);
  state.theta = Learned(state).theta;
  state.average.resize(0);
  const fs::path checkpoint =
      folder / kCheckpointsFolder / fmt::format("step_{:06}", state.iteration) / kStateFile;
  fs::create_directories(checkpoint.parent_path());
  SaveState(checkpoint, state, run.loop().spec().layout, NotesOf(run.experiment()),
            Precision::kSingle);
  WriteWholeFile(folder / kConfigFile, Settings::TextOfFile(run.directory().config()));
  if (fs::exists(path / kTaskFolder)) {
    fs::copy(path / kTaskFolder, folder / kTaskFolder, fs::copy_options::recursive);
  }
}

void CheckPlace(const fs::path& folder, bool overwrite) {
  if (!fs::exists(folder)) return;
  if (!IsEntry(folder)) throw UserError(folder.string() + ": exists, and is no entry of the zoo");
  if (!overwrite) throw UserError(folder.string() + ": exists; --overwrite replaces it");
}

}  // namespace

RunFigures FiguresOf(const fs::path& path, const Communicator& ranks) {
  const Run run = Run::Open(path);
  RunFigures figures{.seed = run.experiment().run.seed,
                     .signature = Signature(run.state()),
                     .minutes = MinutesOf(ReadStarts(run.directory().meta()))};
  Summarize(EvaluationOf(path, ranks), run.loop().spec().higher_is_better, figures);
  return figures;
}

bool MakeEntry(const std::vector<fs::path>& runs, const fs::path& folder, bool overwrite,
               const Communicator& ranks,
               const std::function<void(const std::string& told)>& tell) {
  const InterruptGuard interrupts("ending this evaluation; Ctrl-C again stops at once");
  CheckPlace(folder, overwrite);
  CheckRuns(runs);
  Entry entry;
  Describe(runs.front(), entry);
  for (const fs::path& run : runs) {
    tell("evaluating " + run.string());
    entry.runs.push_back(FiguresOf(run, ranks));
    if (InterruptGuard::signal() != 0) return false;
  }
  const Evaluation evaluation = EvaluationOf(runs.front(), ranks);
  entry.tasks = evaluation.tasks.cols();
  entry.adaptations = evaluation.adaptations;
  entry.trained_on = evaluation.trained_on;
  entry.update_samples = evaluation.samples;

  const fs::path unfinished = folder.string() + ".tmp";
  fs::remove_all(unfinished);
  std::vector<std::size_t> order(runs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const Vector last = entry.Means(entry.updates());
  std::ranges::sort(order, {},
                    [&](std::size_t run) { return last[static_cast<Eigen::Index>(run)]; });
  CopyRun(runs[order[(order.size() - 1) / 2]], unfinished);
  tell("evaluating what goes into the entry");
  const double minutes = entry.runs[order[(order.size() - 1) / 2]].minutes;
  entry.parameters = FiguresOf(unfinished, ranks);
  entry.parameters.minutes = minutes;
  fs::remove_all(unfinished / kEvaluationsFolder);
  if (InterruptGuard::signal() != 0) {
    fs::remove_all(unfinished);
    return false;
  }
  WriteWholeFile(unfinished / kExpectedFile, EntryText(entry));
  fs::remove_all(folder);
  fs::rename(unfinished, folder);
  return true;
}

}  // namespace anole::zoo
