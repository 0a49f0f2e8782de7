// anole report: what runs have come to, as one file of HTML.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "tools/app/command.h"
#include "tools/app/progress.h"
#include "tools/app/terminal_log.h"
#include "tools/render/film.h"
#include "tools/render/takes.h"
#include "tools/report/page/run_page.h"
#include "tools/report/plot/curves.h"
#include "tools/report/plot/groups.h"
#include "tools/run/evaluation_file.h"
#include "tools/run/files/new_file.h"
#include "tools/run/files/scratch_folder.h"
#include "tools/run/goal.h"
#include "tools/run/logs/log.h"
#include "tools/run/output_file.h"
#include "tools/run/process/interrupt.h"
#include "tools/run/run.h"

namespace anole::app {
namespace {

namespace fs = std::filesystem;

constexpr int kFilmWidth = 640, kFilmHeight = 240;  // [pixels] of a film

// The single run that is shown, if it is one and was evaluated.
const plot::RunData* SingleRun(const std::vector<plot::Group>& groups) {
  if (groups.size() > 1 || plot::CountRuns(groups.front()) > 1) return nullptr;
  const plot::RunData& run = groups.front().methods.front().front();
  return run.evaluation.empty() ? nullptr : &run;
}

// The worst and the best task by their last scores.
std::pair<Eigen::Index, Eigen::Index> EndTasks(const EvaluationRecord& record) {
  const Evaluation& evaluation = record.evaluation;
  Vector last = evaluation.OfTasks(evaluation.scores.bottomRows(1).transpose());
  if (!record.higher_is_better) last = -last;
  std::pair<Eigen::Index, Eigen::Index> ends;
  last.minCoeff<Eigen::PropagateNumbers>(&ends.first);
  last.maxCoeff<Eigen::PropagateNumbers>(&ends.second);
  return ends;
}

// Before adaptation and after it, side by side. No film: a signal came.
std::optional<std::string> Mp4(const std::vector<render::Take>& takes, const Run& run,
                               VectorIn task, render::SceneRenderer& renderer) {
  const ScratchFolder scratch;
  const fs::path path = scratch.path() / "film.mp4";
  const TaskFamily& family = run.control_loop()->family();
  render::Film film(family, task, takes, renderer);
  const render::Film::Format format{
      true, kFilmWidth, kFilmHeight,
      render::ChooseFrameRate(family.spec().control_dt, render::DelaysOf(path))};
  auto sink = render::MakeFrameSink(path, {kFilmWidth, kFilmHeight, format.rate, 0});
  const auto frames = static_cast<double>(film.Frames(format));
  Progress progress(frames, 0);
  const bool finished = film.Shoot(format, *sink, [&](std::int64_t done) {
    progress.Show(static_cast<double>(done), fmt::format("frame {} of {:.0f}", done, frames));
    return InterruptGuard::signal() == 0;
  });
  if (!finished || !sink->is_video()) return std::nullopt;
  sink.reset();
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Films of the worst and the best task; nothing where tasks have no motion.
std::vector<report::Page::Clip> ShootClips(const plot::RunData& data, int threads) {
  const Run run = Run::Open(data.path);
  if (run.control_loop() == nullptr) return {};
  const EvaluationRecord record = ReadEvaluation(data.evaluation);
  const std::int64_t last = record.evaluation.scores.rows() - 1;
  const auto [worst, best] = EndTasks(record);
  render::SceneRenderer renderer(run.control_loop()->family().PicturedModel(), kFilmWidth,
                                 kFilmHeight, render::Quality::kDraft, "");
  std::vector<report::Page::Clip> clips;
  for (const auto& [task, name] : {std::pair(worst, "worst"), std::pair(best, "best")}) {
    std::vector<render::Take> takes;
    const Vector column = record.evaluation.tasks.col(task);
    WithThreads(threads, [&] { takes = render::TakesOf(run, {column, task}, {0, last}); });
    const auto mp4 = Mp4(takes, run, column, renderer);
    if (!mp4) return {};
    clips.push_back({fmt::format("{} task, {} ({}): before adaptation and after {}, an episode of "
                                 "each, return {:.4g} and {:.4g}",
                                 name, task, GoalText(column, record.task_parameters),
                                 takes.back().when, takes.front().episode.undiscounted_return,
                                 takes.back().episode.undiscounted_return),
                     *mp4});
    if (worst == best) break;
  }
  return clips;
}

int RunReport(const CommandLine& line) {
  if (line.positionals.empty()) throw UserError("missing argument: RUN or SWEEP, a folder");
  const auto out = line.Get("out");
  if (!out) throw UserError("--out is missing");
  if (fs::path(*out).extension() != ".html") {
    throw UserError("--out=" + *out + ": must end in .html");
  }
  const int threads = Threads(line);
  const std::vector<plot::Group> groups = plot::ReadGroups(line.positionals);
  CheckOut(*out, {".html"});
  const InterruptGuard interrupts("");
  report::RunPage page{.title = line.Get("title").value_or(""), .clips = {}};
  const plot::RunData* const single = SingleRun(groups);
  if (single != nullptr && !line.Has("no-films")) page.clips = ShootClips(*single, threads);
  if (InterruptGuard::signal() != 0) {
    LogInfo("interrupted; no report was written");
    return ExitCodeOf(InterruptGuard::signal());
  }
  const std::string text = RunsAsPage(groups, page);
  WriteNewFile(*out, text);
  LogInfo(
      fmt::format("the report is in {} ({:.2g} MB)", *out, static_cast<double>(text.size()) / 1e6));
  return 0;
}

const RegisterCommand registration(
    {.place = 14,
     .name = "report",
     .usage = "anole report RUN|SWEEP... --out FILE.html",
     .summary =
         "Writes what runs, or a comparison, have come to into one file of HTML that opens "
         "anywhere: curves, tables with intervals, each task, how training went and where time "
         "went, how to do it again, by which program and machine; of a single run also films of "
         "its worst and best task.",
     .flags = {{"out", "FILE", "where the report goes: FILE.html"},
               {"title", "TEXT", "its title; default: the task family"},
               {"no-films", "", "leave them out"},
               kThreadsFlag,
               kQuietFlag,
               kLogLevelFlag},
     .max_positionals = 1000,
     .takes = Takes::kRunOrSweep,
     .run = RunReport});

}  // namespace
}  // namespace anole::app
