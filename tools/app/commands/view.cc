// anole view: a window in which a policy lives and adapts.
#include <fmt/format.h>

#include "configs/user_error.h"
#include "tools/app/command.h"
#include "tools/app/render_request.h"
#include "tools/app/run_choice.h"
#include "tools/app/terminal_log.h"
#include "tools/run/count_text.h"
#include "tools/run/logs/log.h"
#include "tools/run/process/interrupt.h"
#include "tools/run/run.h"
#include "tools/view/viewer.h"
#include "tools/view/window.h"

namespace anole::app {
namespace {

constexpr int kSmallest = 160;  // [pixels] of a side: the words need them

int RunView(const CommandLine& line) {
  view::ViewRequest request{.threads = Threads(line)};
  if (const auto text = line.Get("size")) {
    const PictureSize size = ParseSize(*text, kSmallest);
    request.width = size.width;
    request.height = size.height;
  }
  if (line.Has("full")) request.quality = render::Quality::kFull;
  if (const auto seconds = line.Integer("seconds", 1, 1'000'000)) {
    request.seconds = static_cast<double>(*seconds);
  }
  Run run = Run::Open(OnlyPositional(line, "RUN, a run directory"), RequestOf(line));
  if (run.control_loop() == nullptr) {
    throw UserError(run.experiment().family() +
                    ": its tasks are learned from data; there is no motion");
  }
  const AdaptationRequest first = ChooseTask(line, run);
  request.recording = VideoHome(run.directory()) / "videos/live.mp4";
  const InterruptGuard interrupts("");
  const auto window =
      view::OpenWindow(request.width, request.height, "anole: " + run.directory().name());
  for (const auto& [key, what] : view::KeysAndWhat()) LogInfo(fmt::format("{:16}{}", key, what));
  const view::Viewed viewed = view::Watch(run, first, request, *window);
  LogInfo(fmt::format("{} in {:.1f} s: {:.1f} a second", CountText(viewed.frames, "picture"),
                      viewed.seconds, static_cast<double>(viewed.frames) / viewed.seconds));
  return InterruptGuard::signal() == 0 ? 0 : ExitCodeOf(InterruptGuard::signal());
}

const RegisterCommand registration(
    {.place = 5,
     .name = "view",
     .usage = "anole view RUN [--goal X[,Y]] [--task k]",
     .summary =
         "Opens a window in which the policy lives: A adapts it to the goal, an update at a time, "
         "and shows it before and after, side by side. Keys and mouse move the goal, push, pull "
         "and load the body, record; H lists them. Needs a display and GLFW.",
     .flags =
         {kGoalFlag,
          kTaskFlag,
          kThetaFlag,
          kAnyFamilyFlag,
          {"size", "WxH", "of the window; default: 1280x480"},
          {"full", "",
           "finer pictures, with shadows, which software OpenGL draws at a quarter of the speed"},
          {"seconds", "N", "close after so long; default: when it is closed"},
          kThreadsFlag,
          kQuietFlag,
          kLogLevelFlag},
     .takes_options = true,
     .options_of_run = true,
     .max_positionals = 1,
     .takes = Takes::kRun,
     .run = RunView});

}  // namespace
}  // namespace anole::app
