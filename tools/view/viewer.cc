#include "tools/view/viewer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>

#include "meta/task_set.h"
#include "tools/render/own_thread.h"
#include "tools/run/goal.h"
#include "tools/run/logs/log.h"
#include "tools/run/process/interrupt.h"
#include "tools/run/task_choice.h"
#include "tools/view/goal_mover.h"
#include "tools/view/live_policy.h"
#include "tools/view/mouse.h"
#include "tools/view/players.h"
#include "tools/view/recording.h"

namespace anole::view {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kFramesPerSecond = 30, kSlower = 0.5;
constexpr double kGoalStep = 0.05;  // of the range of goals
constexpr double kZoomOfAScroll = 0.9;
constexpr double kMostBehind = 0.25;  // [s] of physics that one frame catches up

class Viewer {
 public:
  Viewer(const Run& run, const AdaptationRequest& first, const ViewRequest& request, Window& window)
      : run_(run), request_(request), window_(window) {
    Choose(first);
  }

  ~Viewer() {
    StopRecording();
    thread_.Run([&] { renderer_.reset(); });
  }
  Viewer(const Viewer&) = delete;
  Viewer& operator=(const Viewer&) = delete;

  // What each key does, for people.
  static std::vector<std::pair<std::string, std::string>> Listed() {
    std::vector<std::pair<std::string, std::string>> listed;
    for (const Key& key : Keys()) listed.emplace_back(key.name, key.what);
    return listed;
  }

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
        LogInfo(fmt::format("after {}: return {:.5g}", policy_->UpdatesText(policy_->updates()),
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

  std::unique_ptr<render::SceneRenderer> MakeRenderer() {
    std::unique_ptr<render::SceneRenderer> made;
    thread_.Run([&] {
      made = std::make_unique<render::SceneRenderer>(family().PicturedModel(), request_.width,
                                                     request_.height, request_.quality, "");
    });
    return made;
  }

  void Choose(const AdaptationRequest& chosen) {
    policy_.reset();  // waits for an update that is under way
    policy_ = std::make_unique<LivePolicy>(run_, chosen, request_.threads);
    LogInfo("goal: " + GoalText(chosen.task, family().spec().task_parameters));
    Restart();
  }

  void Restart() {
    players_.Begin(*policy_);
    owed_ = 0;
  }

  // What a person can do, in the order in which it is listed. Of two keys the second is the
  // opposite.
  struct Key {
    std::string_view keys;  // as Input has them; none: it is done by the mouse
    const char* name;
    const char* what;
    void (Viewer::*answer)(bool second);
  };
  static std::span<const Key> Keys() {
    static constexpr std::array kKeys = {
        Key{"A", "A", "adapt: one more update", &Viewer::Adapt},
        Key{"U", "U", "take it back", &Viewer::TakeBack},
        Key{"NB", "N B", "next task, one before", &Viewer::ChooseTask},
        Key{"<>", "left right", "move the goal", &Viewer::MoveGoal},
        Key{"_^", "down up", "which number of it", &Viewer::ChooseNumber},
        Key{"P", "P", "push along", &Viewer::Push},
        Key{"O", "O", "push aside", &Viewer::PushAside},
        Key{"LK", "L K", "load more, less", &Viewer::Load},
        Key{"X", "X", "with noise", &Viewer::SwitchNoise},
        Key{" ", "space", "pause", &Viewer::Pause},
        Key{"S", "S", "one step", &Viewer::StepOnce},
        Key{"-+", "- +", "slower, faster", &Viewer::ChangeSpeed},
        Key{"\n", "enter", "from the start", &Viewer::BeginAnew},
        Key{"R", "R", "record, or end it", &Viewer::Record},
        Key{"H", "H", "show keys", &Viewer::ShowKeys},
        Key{"Q\x1b", "Q", "quit", &Viewer::Quit},
        Key{"", "drag, scroll", "turn, zoom", nullptr},
        Key{"", "double click", "take a body in hand", nullptr},
        Key{"", "ctrl right drag", "pull it", nullptr},
        Key{"", "ctrl left drag", "turn it", nullptr},
        Key{"", "shift drag", "put the target there", nullptr}};
    return kKeys;
  }

  void Answer(const Input& input) {
    for (const auto& event : input.events) {
      std::visit([&](const auto& key_or_mouse) { Answer(key_or_mouse); }, event);
    }
    if (input.scroll != 0) renderer_->Orbit(0, 0, std::pow(kZoomOfAScroll, input.scroll));
  }

  void Answer(const MouseEvent& event) {
    if (event.kind == MouseEvent::Kind::kPress) note_.clear();
    if (const auto goal = mouse_.Answer(event, policy_->request().task)) ChooseGoal(*goal);
    if (!mouse_.note().empty()) note_ = mouse_.note();
  }

  void Answer(char pressed) {
    for (const Key& key : Keys()) {
      const std::size_t place = key.keys.find(pressed);
      if (place == std::string_view::npos) continue;
      note_.clear();
      return (this->*key.answer)(place == 1);
    }
  }

  void Adapt(bool /*second*/) { policy_->AdaptOnce(); }
  void TakeBack(bool /*second*/) {
    policy_->Undo();
    Restart();
  }
  void BeginAnew(bool /*second*/) { Restart(); }
  void Pause(bool /*second*/) { paused_ = !paused_; }
  void StepOnce(bool /*second*/) {
    paused_ = true;
    Advance(family().spec().control_dt / speed_, /*though_paused=*/true);
  }
  void ChangeSpeed(bool faster) {
    speed_ = std::min(speed_ * (faster ? 1 / kSlower : kSlower), 1.0);
  }
  void SwitchNoise(bool /*second*/) { with_noise_ = !with_noise_; }
  void ShowKeys(bool /*second*/) { help_ = !help_; }
  void Quit(bool /*second*/) { closed_ = true; }
  void ChooseNumber(bool up) { goal_.ChooseNumber(up ? -1 : 1); }

  // Does what hands do, or notes why it cannot be done.
  template <class Do>
  void Move(bool freely, const Do& action) {
    note_ = players_.WhyUnmoved(freely);
    if (note_.empty()) action();
  }
  void Push(bool /*second*/) {
    Move(/*freely=*/false, [&] { players_.Push(); });
  }
  void PushAside(bool /*second*/) {
    Move(/*freely=*/true, [&] { players_.PushAside(); });
  }
  void Load(bool less) {
    Move(/*freely=*/true, [&] { players_.Load(!less); });
  }

  void ChooseTask(bool before) {
    const std::int64_t number = policy_->request().number + (before ? -1 : 1);
    if (number < 0 || number >= run_.experiment().evaluation.tasks) return;
    try {
      Choose(TestTask(number, run_));
    } catch (const std::exception& error) {
      note_ = error.what();
    }
  }

  void MoveGoal(bool up) {
    note_ = goal_.WhyNot();
    if (note_.empty()) {
      ChooseGoal(goal_.Moved(policy_->request().task, up ? kGoalStep : -kGoalStep));
    }
  }
  void ChooseGoal(const Vector& task) {
    AdaptationRequest moved = policy_->request();
    moved.task = task;
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
      players_.Step(with_noise_);
      owed_ -= dt;
    }
  }

  // What stands below the numbers of the episode.
  std::vector<render::CaptionLine> StateLines() const {
    std::vector<render::CaptionLine> lines;
    if (const auto chosen = goal_.Chosen(policy_->request().task)) lines.push_back(*chosen);
    for (std::size_t k = 0; k < policy_->scores().size(); ++k) {
      lines.push_back({policy_->UpdatesText(static_cast<std::int64_t>(k)),
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
    if (!help_) lines.push_back({"H", "keys", {}});
    for (const Key& key : help_ ? Keys() : std::span<const Key>()) {
      lines.push_back({key.name, key.what, {}});
    }
    return lines;
  }

  void Show() {
    const std::vector<render::CaptionLine> lines = StateLines();
    render::Image image(0, 0);
    thread_.Run([&] { image = players_.Draw(lines); });
    window_.Show(image);
    if (recording_) recording_->Add(image);
  }

  void Record(bool /*second*/) {
    if (recording_) return StopRecording();
    try {
      recording_.emplace(request_.recording, request_.width, request_.height, kFramesPerSecond);
    } catch (const std::exception& error) {
      note_ = error.what();
    }
  }
  void StopRecording() {
    if (!recording_) return;
    recording_->Finish();
    recording_.reset();
  }

  const Run& run_;
  const ViewRequest& request_;
  Window& window_;
  render::OwnThread thread_;  // of the renderer, whose context it has; the window has one, too
  std::unique_ptr<render::SceneRenderer> renderer_ = MakeRenderer();
  GoalMover goal_{family().spec(), ListedTasks(run_.loop(), Phase::kTrain).cols() > 1};
  Players players_{family(), *renderer_, request_.width, request_.height};
  Mouse mouse_{players_, *renderer_, goal_};
  std::unique_ptr<LivePolicy> policy_;
  std::optional<Recording> recording_;
  double owed_ = 0, speed_ = 1;
  bool paused_ = false, with_noise_ = false, help_ = false, closed_ = false;
  std::string note_;
};

}  // namespace

Viewed Watch(const Run& run, const AdaptationRequest& first, const ViewRequest& request,
             Window& window) {
  return Viewer(run, first, request, window).Watch();
}

std::vector<std::pair<std::string, std::string>> KeysAndWhat() { return Viewer::Listed(); }

}  // namespace anole::view
