// anole render: a video of a policy as it adapts to a task.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "envs/lean_model.h"
#include "tools/app/command.h"
#include "tools/app/progress.h"
#include "tools/app/render_request.h"
#include "tools/app/run_choice.h"
#include "tools/app/terminal_log.h"
#include "tools/render/film.h"
#include "tools/render/takes.h"
#include "tools/run/files/new_file.h"
#include "tools/run/goal.h"
#include "tools/run/logs/log.h"
#include "tools/run/output_file.h"
#include "tools/run/process/interrupt.h"
#include "tools/run/run.h"

namespace anole::app {
namespace {

namespace fs = std::filesystem;

constexpr int kStripColumns = 6, kStripWidth = 400, kStripHeight = 300;  // [pixels] of a part

// Whether it came to its end; a signal ends it before.
bool ShootFrames(render::Film& film, const render::Film::Format& format, render::FrameSink& sink) {
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
int Shoot(render::Film& film, const RenderRequest& request, double control_dt,
          const std::string& back_end) {
  const InterruptGuard interrupts("");  // a frame takes no time worth an answer
  const render::Film::Format format{
      request.side_by_side, request.width, request.height,
      render::ChooseFrameRate(control_dt, render::DelaysOf(request.out))};
  const std::int64_t frames = film.Frames(format);
  const double duration = film.Duration(request.side_by_side);
  auto sink = render::MakeFrameSink(request.out, {format.width, format.height, format.rate,
                                                  render::LastFrame(duration, frames, format.rate),
                                                  request.quality == render::Quality::kDraft});
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
  const KeepAssets keep;  // a robot is read once more for its looks
  Run run = Run::Open(OnlyPositional(line, "RUN, a run directory"), RequestOf(line));
  const Experiment& experiment = run.experiment();
  const ControlLoop* const loop = run.control_loop();
  if (loop == nullptr) {
    throw UserError(experiment.family() + ": its tasks are learned from data; there is no motion");
  }
  const TaskFamily& family = loop->family();
  const RenderRequest request = ParseRenderRequest(line, experiment.evaluation.updates,
                                                   VideoHome(run.directory()) / DefaultVideo(line));
  // As `anole evaluate` takes it, or the user's own goal in the place of the first one.
  const AdaptationRequest scene = ChooseTask(line, run);
  if (!request.out.empty()) render::CheckOutput(request.out, {request.width, request.height, {}});
  if (!request.strip.empty()) CheckWritable(request.strip, "--strip=" + request.strip.string());
  render::SceneRenderer renderer(family.PicturedModel(), std::max(request.width, kStripWidth),
                                 std::max(request.height, kStripHeight), request.quality,
                                 request.camera);
  if (!request.out.empty() && request.quality == render::Quality::kFull && renderer.software()) {
    LogInfo("no GPU is used here: --quality draft is four times as fast");
  }

  std::vector<render::Take> takes;
  WithThreads(threads, [&] { takes = render::TakesOf(run, scene, request.updates); });
  fmt::print("goal: {}\n", GoalText(scene.task, loop->spec().task_parameters));
  for (const render::Take& take : takes) {
    fmt::print("return after {}: {:.5g}\n", take.when, take.episode.undiscounted_return);
  }
  std::fflush(stdout);
  render::Film film(family, scene.task, takes, renderer);
  if (!request.strip.empty()) {
    render::MakeFolders(request.strip);
    NewFile file(request.strip);
    render::WritePng(film.Strip(kStripColumns, kStripWidth, kStripHeight), file.path());
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

const RegisterCommand registration(
    {.place = 4,
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
     .run = RunRender});

}  // namespace
}  // namespace anole::app
