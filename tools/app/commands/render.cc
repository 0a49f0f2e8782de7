// anole render: a video of a policy as it adapts to a task.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <span>
#include <stdexcept>

#include "agents/finite.h"
#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "tools/app/command.h"
#include "tools/app/progress.h"
#include "tools/render/film.h"
#include "tools/render/render_request.h"
#include "tools/run/count_text.h"
#include "tools/run/experiment.h"
#include "tools/run/files/new_file.h"
#include "tools/run/goal.h"
#include "tools/run/logs/log.h"
#include "tools/run/output_file.h"
#include "tools/run/process/interrupt.h"
#include "tools/run/run_directory.h"
#include "tools/run/run_task.h"
#include "tools/run/state_to_adapt.h"
#include "tools/run/task_choice.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

constexpr int kStripColumns = 6, kStripWidth = 400, kStripHeight = 300;  // [pixels] of a part

// A task, and where its episodes belong.
struct Scene {
  Vector task;
  Address address;
};

// As `anole evaluate` takes it, or the user's own goal in the place of the first one.
Scene ChooseScene(const CommandLine& line, Experiment& experiment, const ControlLoop& loop) {
  const TaskChoice choice = ChooseTask(line, experiment, loop);
  const auto seed = static_cast<std::uint64_t>(experiment.evaluation.seed);
  return {choice.task, {.seed = seed, .phase = Phase::kTest, .task = choice.number}};
}

// The first of the episodes that score each number of updates, of one adaptation. Throws
// std::runtime_error where these break the parameters.
std::vector<Take> Adapt(const ControlLoop& loop, const MetaState& state, const Scene& scene,
                        const std::vector<std::int64_t>& updates, std::int64_t rollouts,
                        const std::string& step_option) {
  const Plan plan{.updates = std::ranges::max(updates), .rollouts = rollouts, .trajectory = true};
  const Matrix params = plan.updates == 0
                            ? Matrix(state.theta)
                            : loop.Adapt(state, scene.task, scene.address, plan).trajectory;
  std::vector<Take> takes;
  for (const std::int64_t k : updates) {
    if (!AllFinite(params.col(k))) {
      throw std::runtime_error(fmt::format(
          "after {} the parameters are not finite any more: there is no policy to show; make {} "
          "smaller",
          CountText(k, "update"), step_option));
    }
    Take take{k, scene.address, Episode(loop.family().spec())};
    take.address.inner_step = k;
    loop.Sample(loop.Policy(params.col(k), state.context), scene.task, Exploration::kStochastic,
                take.address, 0, std::span(&take.episode, 1));
    takes.push_back(std::move(take));
  }
  return takes;
}

// Whether it came to its end; a signal ends it before.
bool ShootFrames(Film& film, const Film::Format& format, FrameSink& sink) {
  const std::int64_t frames = film.Frames(format);
  Progress progress(static_cast<double>(frames), 0);
  const auto start = std::chrono::steady_clock::now();
  return film.Shoot(format, sink, [&](std::int64_t done) {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    progress.Show(static_cast<double>(done),
                  fmt::format("frame {} of {}  {:.1f} frames/s", done, frames,
                              static_cast<double>(done) / elapsed.count()));
    return InterruptGuard::signal() == 0;
  });
}

// The exit code.
int Shoot(Film& film, const RenderRequest& request, double control_dt,
          const std::string& back_end) {
  const InterruptGuard interrupts("");  // a frame takes no time worth an answer
  const Film::Format format{request.side_by_side, request.width, request.height,
                            ChooseFrameRate(control_dt, DelaysOf(request.out))};
  const std::int64_t frames = film.Frames(format);
  const double duration = film.Duration(request.side_by_side);
  auto sink = MakeFrameSink(request.out, {format.width, format.height, format.rate,
                                          LastFrame(duration, frames, format.rate)});
  const fs::path path = sink->path();
  const bool is_video = sink->is_video();
  const bool finished = ShootFrames(film, format, *sink);
  sink.reset();  // throws away what is not finished
  if (!finished) {
    LogInfo(fmt::format("interrupted; {}",
                        is_video ? "no video was written" : "its frames are removed"));
    return ExitCodeOf(InterruptGuard::signal());
  }
  LogInfo(fmt::format("{} in {} ({}x{}, {:.4g} frames/s, {:.4g} s, {}){}",
                      is_video ? "the video is" : fmt::format("{} frames are", frames),
                      path.string(), format.width, format.height, format.rate.per_second(),
                      duration, back_end,
                      path == request.out ? "" : "; install ffmpeg for a video"));
  return 0;
}

int RunRender(const CommandLine& line) {
  const int threads = Threads(line);
  const RunDirectory directory = RunDirectory::Open(OnlyPositional(line, "RUN, a run directory"));
  const Settings settings = SettingsToAdapt(line, directory);
  Experiment experiment = ExperimentOf(directory.path(), settings);
  if (!experiment.rolls_out()) {
    throw UserError(experiment.family() + ": its tasks are learned from data; there is no motion");
  }
  const std::unique_ptr<ControlLoop> loop = experiment.MakeControlLoop();
  const TaskFamily& family = loop->family();
  const RenderRequest request = ParseRenderRequest(line, experiment.evaluation.updates,
                                                   directory.path() / DefaultVideo(line));
  const Scene scene = ChooseScene(line, experiment, *loop);
  const MetaState state = StateToAdapt(line, directory, experiment, *loop);
  if (!request.out.empty()) CheckOutput(request.out, {request.width, request.height, {}});
  if (!request.strip.empty()) CheckWritable(request.strip, "--strip=" + request.strip.string());
  SceneRenderer renderer(family.PicturedModel(), std::max(request.width, kStripWidth),
                         std::max(request.height, kStripHeight), request.quality, request.camera);
  if (!request.out.empty() && request.quality == Quality::kFull && renderer.software()) {
    LogInfo("no GPU is used here: --quality draft is three times as fast");
  }

  std::vector<Take> takes;
  WithThreads(threads, [&] {
    takes = Adapt(*loop, state, scene, request.updates, experiment.evaluation.rollouts,
                  experiment.step_name());
  });
  fmt::print("goal: {}\n", GoalText(scene.task, loop->spec().task_parameters));
  for (const Take& take : takes) {
    fmt::print("return after {}: {:.5g}\n", CountText(take.updates, "update"),
               take.episode.undiscounted_return);
  }
  std::fflush(stdout);
  Film film(family, scene.task, takes, renderer);
  if (!request.strip.empty()) {
    MakeFolders(request.strip);
    NewFile file(request.strip);
    WritePng(film.Strip(kStripColumns, kStripWidth, kStripHeight), file.path());
    file.Commit();
    LogInfo(fmt::format("the strip is in {}", request.strip.string()));
  }
  return request.out.empty() ? 0
                             : Shoot(film, request, family.spec().control_dt, renderer.back_end());
}

std::vector<Flag> Flags() {
  std::vector<Flag> flags = {kGoalFlag, kTaskFlag, kThetaFlag, kAnyFamilyFlag};
  flags.insert(flags.end(), RenderRequestFlags().begin(), RenderRequestFlags().end());
  for (const Flag& flag : {kThreadsFlag, kQuietFlag, kLogLevelFlag}) flags.push_back(flag);
  return flags;
}

}  // namespace

const Command kRenderCommand = {
    .name = "render",
    .usage = "anole render RUN [--goal X[,Y]] [--updates K,...] [--side-by-side] [--out PATH]",
    .summary =
        "Films a trained policy as it adapts to a task. What is shown are the very episodes "
        "that `anole evaluate` scores. Needs no display and no GPU; ffmpeg for MP4 and GIF. "
        "Options may be changed, as for `anole evaluate`. Options default to those of the run.",
    .flags = Flags(),
    .takes_options = true,
    .options_of_run = true,
    .max_positionals = 1,
    .takes = Takes::kRun,
    .run = RunRender};

}  // namespace anole
