#include "tools/view/viewer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <thread>
#include <utility>

#include "tools/render/frame_sink.h"
#include "tools/render/own_thread.h"
#include "tools/run/count_text.h"
#include "tools/run/goal.h"
#include "tools/run/logs/log.h"
#include "tools/run/process/interrupt.h"
#include "tools/run/task_choice.h"
#include "tools/view/live_policy.h"
#include "tools/view/player.h"

namespace anole::view {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kFramesPerSecond = 30, kSlower = 0.5, kGoalStep = 0.05, kKick = 2;
constexpr double kDegreesPerPixel = 0.3, kZoomOfAScroll = 0.9;
constexpr double kMostBehind = 0.25;  // [s] of physics that one frame catches up

class Viewer {
 public:
  Viewer(const Run& run, const AdaptationRequest& first, const ViewRequest& request, Window& window)
      : run_(run), request_(request), window_(window) {
    thread_.Run([&] {
      renderer_ = std::make_unique<render::SceneRenderer>(family().PicturedModel(), request.width,
                                                          request.height, request.quality, "");
    });
    Choose(first);
  }

  ~Viewer() {
    StopRecording();
    thread_.Run([&] { renderer_.reset(); });
  }
  Viewer(const Viewer&) = delete;
  Viewer& operator=(const Viewer&) = delete;

  Viewed Watch() {
    const Clock::time_point start = Clock::now();
    Clock::time_point last = start;
    Viewed viewed;
    while (true) {
      const Clock::time_point now = Clock::now();
      const auto seconds = [&](Clock::time_point from) {
        return std::chrono::duration<double>(now - from).count();
      };
      viewed.seconds = seconds(start);
      const Input input = window_.Listen();
      if (input.closed || closed_ || InterruptGuard::signal() != 0) break;
      if (request_.seconds > 0 && viewed.seconds >= request_.seconds) break;
      Answer(input);
      if (policy_->Collect()) {
        Restart();
        LogInfo(fmt::format("after {}: return {:.5g}", CountText(policy_->updates(), "update"),
                            policy_->scores().back()));
      }
      if (!policy_->failure().empty()) note_ = policy_->failure();
      Advance(std::min(seconds(last), kMostBehind));
      last = now;
      Show();
      ++viewed.frames;
      std::this_thread::sleep_until(now + std::chrono::duration<double>(1 / kFramesPerSecond));
    }
    viewed.updates = policy_->updates();
    return viewed;
  }

 private:
  const TaskFamily& family() const { return run_.control_loop()->family(); }

  void Choose(const AdaptationRequest& chosen) {
    policy_.reset();  // waits for an update that is under way
    policy_ = std::make_unique<LivePolicy>(run_, chosen, request_.threads);
    LogInfo("goal: " + GoalText(chosen.task, family().spec().task_parameters));
    Restart();
  }

  // Both from the same start.
  void Restart() {
    const auto player = [&](ControlPolicy<float> policy) {
      auto made = std::make_unique<Player>(family(), renderer_->model(), policy_->request().task,
                                           std::move(policy));
      made->Begin(policy_->address());
      return made;
    };
    before_ = player(policy_->Before());
    after_ = policy_->updates() > 0 ? player(policy_->Now()) : nullptr;
    owed_ = 0;
  }

  void Answer(const Input& input) {
    for (const char key : input.keys) Answer(key);
    if (input.drag_x == 0 && input.drag_y == 0 && input.scroll == 0) return;
    renderer_->Orbit(-kDegreesPerPixel * input.drag_x, -kDegreesPerPixel * input.drag_y,
                     std::pow(kZoomOfAScroll, input.scroll));
  }

  void Answer(char key) {
    note_.clear();
    switch (key) {
      case 'A':
        return policy_->AdaptOnce();
      case 'U':
        policy_->Undo();
        return Restart();
      case kEnter:
        return Restart();
      case ' ':
        paused_ = !paused_;
        return;
      case 'S':
        paused_ = true;
        return Advance(family().spec().control_dt / speed_, /*though_paused=*/true);
      case '-':
        speed_ *= kSlower;
        return;
      case '+':
        speed_ = std::min(speed_ / kSlower, 1.0);
        return;
      case 'X':
        with_noise_ = !with_noise_;
        return;
      case 'P':
        before_->Kick(kKick);
        if (after_) after_->Kick(kKick);
        return;
      case 'N':
      case 'B':
        return ChooseNext(key == 'N' ? 1 : -1);
      case kLeft:
      case kRight:
        return MoveGoal(key == kRight ? kGoalStep : -kGoalStep);
      case 'R':
        return recording_ ? StopRecording() : StartRecording();
      case 'H':
        help_ = !help_;
        return;
      case 'Q':
      case kEscape:
        closed_ = true;
        return;
      default:
        return;
    }
  }

  void ChooseNext(std::int64_t step) {
    const std::int64_t number = policy_->request().number + step;
    if (number < 0 || number >= run_.experiment().evaluation.tasks) return;
    try {
      Choose(TestTask(number, run_));
    } catch (const std::exception& error) {
      note_ = error.what();
    }
  }

  // share: of the range of all goals.
  void MoveGoal(double share) {
    const auto& ranges = family().spec().task_ranges;
    if (ranges.empty()) return;
    const TaskRange whole = ranges.front().whole();
    AdaptationRequest moved = policy_->request();
    if (moved.task.size() == 0) return;
    moved.task[0] =
        std::clamp(moved.task[0] + share * (whole.high - whole.low), whole.low, whole.high);
    const bool had_adapted = policy_->updates() > 0;
    Choose(moved);
    if (had_adapted) note_ = "another goal: not adapted yet";
  }

  // As many control steps as fill so much time, slow motion considered.
  void Advance(double seconds, bool though_paused = false) {
    if (paused_ && !though_paused) return;
    owed_ += seconds * speed_;
    const double dt = family().spec().control_dt;
    constexpr double kRounding = 1e-9;
    while (owed_ >= dt - kRounding) {
      before_->Step(with_noise_);
      if (after_) after_->Step(with_noise_);
      owed_ -= dt;
    }
  }

  // What stands below the numbers of the episode.
  void AddState(render::Caption& caption) const {
    auto& lines = caption.lines;
    for (std::size_t k = 0; k < policy_->scores().size(); ++k) {
      lines.push_back({CountText(static_cast<std::int64_t>(k), "update"),
                       fmt::format("{:.1f}", policy_->scores()[k]),
                       {}});
    }
    if (policy_->adapting()) {
      constexpr int kDots = 8;
      const int dots = static_cast<int>(policy_->adapting_for() * 4) % kDots + 1;
      lines.push_back({"adapting",
                       fmt::format("{:.0f} s {}", policy_->adapting_for(),
                                   std::string(static_cast<std::size_t>(dots), '.')),
                       {}});
    }
    if (paused_) lines.push_back({"paused", "", {}});
    if (speed_ < 1) lines.push_back({"speed", fmt::format("{:g}", speed_), {}});
    if (recording_) lines.push_back({"recording", "", {1, .3F, .3F}});
    if (!note_.empty()) lines.push_back({note_, "", {1, .6F, .3F}});
    if (!help_) return lines.push_back({"H", "keys", {}});
    for (const auto& [key, what] : std::initializer_list<std::pair<const char*, const char*>>{
             {"A", "adapt: one more update"},
             {"U", "take it back"},
             {"N B", "next task, one before"},
             {"< >", "move the goal"},
             {"P", "push"},
             {"X", "with noise"},
             {"space S", "pause, step"},
             {"- +", "slower, faster"},
             {"enter", "from the start"},
             {"R", "record"},
             {"Q", "quit"}}) {
      lines.push_back({key, what, {}});
    }
  }

  void Show() {
    render::SceneRenderer::View left = before_->See(after_ ? "before" : "0 updates");
    AddState(left.caption);
    render::Image image(request_.width, request_.height);
    const int half = after_ ? request_.width / 2 : request_.width;
    thread_.Run([&] {
      image.Paste(renderer_->Draw(left, half, request_.height), 0, 0);
      if (!after_) return;
      const render::SceneRenderer::View right =
          after_->See("after " + CountText(policy_->updates(), "update"));
      image.Paste(renderer_->Draw(right, request_.width - half, request_.height), half, 0);
    });
    window_.Show(image);
    if (!recording_) return;
    // In real time, however few pictures there are.
    const double seconds = std::chrono::duration<double>(Clock::now() - recorded_since_).count();
    for (; recorded_ < static_cast<std::int64_t>(seconds * kFramesPerSecond); ++recorded_) {
      recording_->Add(image);
    }
  }

  void StartRecording() {
    try {
      const render::VideoFormat format{
          request_.width, request_.height,
          render::ChooseFrameRate(1 / kFramesPerSecond, render::DelaysOf(request_.recording)), 0,
          /*fast=*/true};
      render::CheckOutput(request_.recording, format);
      recording_ = render::MakeFrameSink(request_.recording, format);
      recorded_since_ = Clock::now();
      recorded_ = 0;
    } catch (const std::exception& error) {
      note_ = error.what();
    }
  }

  void StopRecording() {
    if (!recording_) return;
    recording_->Finish();
    LogInfo(fmt::format("the recording is in {}", recording_->path().string()));
    recording_.reset();
  }

  const Run& run_;
  const ViewRequest& request_;
  Window& window_;
  render::OwnThread thread_;  // of the renderer, whose context it has; the window has one, too
  std::unique_ptr<render::SceneRenderer> renderer_;
  std::unique_ptr<LivePolicy> policy_;
  std::unique_ptr<Player> before_, after_;
  std::unique_ptr<render::FrameSink> recording_;
  Clock::time_point recorded_since_;
  std::int64_t recorded_ = 0;  // pictures
  double owed_ = 0, speed_ = 1;
  bool paused_ = false, with_noise_ = false, help_ = false, closed_ = false;
  std::string note_;
};

}  // namespace

Viewed Watch(const Run& run, const AdaptationRequest& first, const ViewRequest& request,
             Window& window) {
  return Viewer(run, first, request, window).Watch();
}

const char* KeysText() {
  return "A adapts (one more update), U takes it back, left and right move the goal, N and B take "
         "the next task and the one before, P pushes, X is with noise, space pauses, S steps, "
         "- and + are slower and faster, enter begins anew, R records, mouse turns and zooms, "
         "Q quits";
}

}  // namespace anole::view
