// anole plot: learning curves and adaptation curves of runs, as a picture.
#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agents/supervised/supervised_loop.h"
#include "configs/suggest.h"
#include "configs/user_error.h"
#include "tools/app/command.h"
#include "tools/app/terminal_log.h"
#include "tools/report/plot/fit_figure.h"
#include "tools/report/plot/groups.h"
#include "tools/report/plot/logarithmic.h"
#include "tools/report/plot/metric_figure.h"
#include "tools/report/plot/path_figure.h"
#include "tools/report/plot/run_figure.h"
#include "tools/run/count_text.h"
#include "tools/run/files/new_file.h"
#include "tools/run/goal.h"
#include "tools/run/logs/log.h"
#include "tools/run/output_file.h"
#include "tools/run/run.h"
#include "tools/run/task_choice.h"

namespace anole::app {
namespace {

namespace fs = std::filesystem;

plot::PictureFormat FormatOf(const fs::path& out) {
  if (out.extension() == ".svg") return plot::PictureFormat::kSvg;
  if (out.extension() == ".pdf") return plot::PictureFormat::kPdf;
  if (out.extension() == ".png") return plot::PictureFormat::kPng;
  throw UserError("--out=" + out.string() + ": must end in .svg, .pdf or .png");
}

// A curve is of all its seeds or not drawn; the user is told where that is for want of some.
void WarnOfMissing(const std::vector<plot::Group>& groups) {
  for (const plot::Group& group : groups) {
    std::size_t trained = 0, evaluated = 0;
    for (const auto& runs : group.methods) {
      for (const plot::RunData& run : runs) {
        trained += run.learning.samples.size() > 0 ? 1 : 0;
        evaluated += run.adaptation.scores.size() > 0 ? 1 : 0;
      }
    }
    const std::size_t all = CountRuns(group);
    std::int64_t left_out = 0;
    for (const auto& runs : group.methods) {
      for (const plot::RunData& run : runs) {
        left_out += run.evaluations_left_out;
        if (run.evaluations < 2) continue;
        LogInfo(fmt::format("{}: of {}, {} is drawn", run.path.string(),
                            CountText(run.evaluations, "evaluation"),
                            run.evaluation.lexically_relative(run.path).string()));
      }
    }
    if (left_out > 0) {
      LogInfo(fmt::format("{}: {} of other options than the run's {} not drawn", group.name,
                          CountText(left_out, "evaluation"), left_out == 1 ? "is" : "are"));
    }
    if (trained > 0 && trained < all) {
      LogWarning(fmt::format("{}: no learning curve, for {} of {} runs are trained", group.name,
                             trained, all));
    }
    if (evaluated > 0 && AdaptationCurve(group).x.size() == 0) {
      LogWarning(
          fmt::format("{}: no adaptation curve, for {} of {} runs are evaluated, or not "
                      "after equally many updates",
                      group.name, evaluated, all));
    }
  }
}

// --labels: what curves are called, in their order.
void Rename(const CommandLine& line, std::vector<plot::Group>& groups) {
  const auto labels = line.Get("labels");
  if (!labels) return;
  std::vector<std::string> names;
  std::istringstream words(*labels);
  for (std::string name; std::getline(words, name, ',');) names.push_back(name);
  if (names.size() != groups.size()) {
    throw UserError(fmt::format("--labels={}: must be names for {}, with commas between them",
                                *labels,
                                CountText(static_cast<std::int64_t>(groups.size()), "curve")));
  }
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i].name = names[i];
}

plot::Figure FigureOf(const CommandLine& line, const std::vector<plot::Group>& groups) {
  plot::Figure figure;
  if (const auto metric = line.Get("metric")) {
    auto drawn = plot::MetricFigure(groups, *metric);
    if (!drawn) {
      const std::vector<std::string> known = plot::MetricsOf(groups);
      throw UserError("--metric=" + *metric + ": no run has such a column with numbers" +
                      Suggestion(*metric, known) + "; `anole list metrics` tells them all");
    }
    figure = std::move(*drawn);
  } else {
    figure = RunFigure(groups);
  }
  // A single curve has no other place for its name.
  if (groups.size() == 1 && line.Has("labels")) figure.title = groups.front().name;
  if (const auto title = line.Get("title")) figure.title = *title;
  return figure;
}

// --fit: one run, one task.
plot::Figure FitOf(const CommandLine& line, const std::string& updates) {
  if (line.positionals.size() != 1) throw UserError("--fit: is of one run");
  const Run run = Run::Open(line.positionals.front());
  const auto* const loop = dynamic_cast<const SupervisedLoop*>(&run.loop());
  if (loop == nullptr) {
    throw UserError("--fit: " + run.experiment().family() +
                    " learns from episodes; `anole render` shows those");
  }
  std::vector<std::int64_t> shown;
  std::istringstream words(updates);
  for (std::string word; std::getline(words, word, ',');) {
    constexpr std::int64_t kMost = 100'000;
    const bool is_number = !word.empty() && word.size() < 7 &&
                           word.find_first_not_of("0123456789") == std::string::npos;
    if (!is_number || std::stoll(word) > kMost) {
      throw UserError("--fit=" + updates + ": must be numbers of updates, as 0,1,32");
    }
    shown.push_back(std::stoll(word));
  }
  if (shown.empty()) throw UserError("--fit=: must be numbers of updates, as 0,1,32");
  const AdaptationRequest chosen =
      TestTask(line.Integer("task", 0, Address::kMaxTask).value_or(0), run);
  const auto seed = static_cast<std::uint64_t>(run.experiment().evaluation.seed);
  plot::Figure figure = plot::FitFigure(
      *loop,
      {{"from what was meta-learned", Learned(run.state())},
       {"from random parameters",
        loop->Initial(static_cast<std::uint64_t>(run.experiment().run.seed))}},
      chosen.task, {.seed = seed, .phase = Phase::kTest, .task = chosen.number}, shown);
  figure.title = line.Get("title").value_or(run.experiment().family() + ": " +
                                            GoalText(chosen.task, loop->data().task_parameters));
  return figure;
}

// What is of another kind of picture would change nothing.
void CheckFlags(const CommandLine& line) {
  if (line.Has("task") && !line.Has("fit")) {
    throw UserError("--task: is of --fit, which is not there");
  }
  if (line.Has("path") && line.Has("fit")) throw UserError("--fit and --path: only one of them");
  for (const char* kind : {"fit", "path"}) {
    if (!line.Has(kind)) continue;
    for (const char* flag : {"labels", "metric"}) {
      if (!line.Has(flag)) continue;
      throw UserError(fmt::format("--{}: is of curves over training, --{} draws none", flag, kind));
    }
  }
}

// --path: one run.
plot::Figure PathOf(const CommandLine& line) {
  if (line.positionals.size() != 1) throw UserError("--path: is of one run");
  plot::Figure figure = plot::PathFigure(Run::Open(line.positionals.front()));
  if (const auto title = line.Get("title")) figure.title = *title;
  return figure;
}

// --size: "6.5x3".
std::optional<plot::PictureSize> SizeOf(const CommandLine& line) {
  const auto text = line.Get("size");
  if (!text) return std::nullopt;
  constexpr double kMost = 40;  // a PNG of that many inches has 33 million pixels
  const auto inches = [&](std::string_view word) {
    double value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    const bool is_number = error == std::errc() && end == word.data() + word.size();
    if (!is_number || !(value > 0) || value > kMost) {
      throw UserError(fmt::format(
          "--size={}: must be WIDTHxHEIGHT in inches, of {:g} at most, as 6.5x3", *text, kMost));
    }
    return value;
  };
  const std::string_view view = *text;
  const std::size_t x = std::min(view.find('x'), view.size() - 1);
  return plot::PictureSize{inches(view.substr(0, x)), inches(view.substr(x + 1))};
}

int RunPlot(const CommandLine& line) {
  if (line.positionals.empty()) throw UserError("missing argument: RUN or SWEEP, a folder");
  const auto out = line.Get("out");
  if (!out) throw UserError("--out is missing");
  const plot::PictureFormat format = FormatOf(*out);
  CheckFlags(line);
  const auto size = SizeOf(line);
  CheckOut(*out, {".svg", ".pdf", ".png"});
  std::vector<plot::Group> groups;
  plot::Figure figure;
  if (const auto fit = line.Get("fit")) {
    figure = FitOf(line, *fit);
  } else if (line.Has("path")) {
    figure = PathOf(line);
  } else {
    groups = plot::ReadGroups(line.positionals);
    Rename(line, groups);
    figure = FigureOf(line, groups);
  }
  if (const auto axes = line.Get("log")) plot::SetLogarithmic(*axes, figure);
  const std::string picture = plot::DrawFigure(figure, format, size);
  if (!line.Has("metric")) WarnOfMissing(groups);
  for (const std::string& warning : figure.warnings) LogWarning(warning);
  WriteNewFile(*out, picture);
  LogInfo(fmt::format("the picture is in {}", *out));
  return 0;
}

const RegisterCommand registration(
    {.place = 13,
     .name = "plot",
     .usage = "anole plot RUN|SWEEP... --out FILE.svg|FILE.pdf|FILE.png",
     .summary =
         "Draws learning curves, and adaptation curves of runs that `anole evaluate` or `anole "
         "compare` has evaluated. "
         "Runs that differ in nothing but their seeds are one curve: their mean with the range of "
         "the seeds or, from five seeds on, the interquartile mean with a 95 % bootstrap interval. "
         "A sweep is the folder of a comparison, drawn as its table's rows.",
     .flags =
         {{"out", "FILE", "where the picture goes: FILE.svg, FILE.pdf, or FILE.png, twice as fine"},
          {"size", "WIDTHxHEIGHT",
           "of the picture in inches, as 6.5x3, the same in all formats; of a PNG 144 pixels to "
           "the "
           "inch; one that is too narrow for letters of 12 points has smaller ones"},
          {"log", "AXES",
           "x, y or xy: logarithmic axes, for numbers above 0; adaptation, which begins with 0 "
           "samples, keeps a linear x"},
          {"title", "TEXT", "above the picture; default: the task family"},
          {"labels", "A,B,...", "what the curves are called, in their order"},
          {"fit", "K,...",
           "draw what a run that learns from data makes of a task after so many updates, beside "
           "random parameters"},
          {"task", "k", "of --fit: the k-th of tests, from 0 on"},
          {"path", "",
           "draw how slope and intercept of a line went over training, towards where they would "
           "end"},
          {"metric", "COLUMN", "draw this column of metrics.csv over training instead"},
          kQuietFlag,
          kLogLevelFlag},
     .max_positionals = 1000,
     .takes = Takes::kRunOrSweep,
     .run = RunPlot});

}  // namespace
}  // namespace anole::app
