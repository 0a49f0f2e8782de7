// anole check: what a robot's task file describes, and how it behaves under random actions.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "agents/control/episode.h"
#include "agents/parallel_for.h"
#include "configs/reader.h"
#include "configs/settings.h"
#include "configs/user_error.h"
#include "envs/lean_model.h"
#include "envs/robot/task_file.h"
#include "envs/robot/task_warnings.h"
#include "envs/stage.h"
#include "tools/app/command.h"
#include "tools/app/robot_description.h"
#include "tools/app/robot_reference.h"
#include "tools/app/robot_trial.h"
#include "tools/app/terminal_log.h"
#include "tools/render/frame_sink.h"
#include "tools/render/scene_renderer.h"
#include "tools/render/stage_view.h"
#include "tools/run/files/new_file.h"
#include "tools/run/logs/log.h"
#include "tools/run/output_file.h"

namespace anole::app {
namespace {

// Updates that nobody has tuned may go too far; which step would go less far is known.
void WarnOfLongUpdates(const FirstUpdates& updates) {
  constexpr double kMost = 1, kSane = 0.05;  // [nats]
  double most = 0;
  for (const double kl : updates.kl) most = std::isfinite(kl) ? std::max(most, kl) : HUGE_VAL;
  if (most <= kMost) return;
  const double step = std::isfinite(most) ? updates.step_size * std::sqrt(kSane / most) : 0;
  LogWarning(fmt::format(
      "the first updates move the policy far; if training does not get on, try a shorter step{}",
      step > 0
          ? fmt::format(": --inner.step_size={:.2g} would move it by some {:g} nats", step, kSane)
          : ""));
}

// What a person checks first: how the robot begins.
void DrawStart(const TaskFamily& family, const std::string& out) {
  constexpr int kWidth = 640, kHeight = 480;
  render::SceneRenderer renderer(family.PicturedModel(), kWidth, kHeight, render::Quality::kFull,
                                 "");
  Stage stage(family);
  stage.Reset(SampleTasks(family, 1, Phase::kTrain, {.count = 1}).col(0), {.seed = 1});
  render::StageView view(stage);
  view.Begin();
  NewFile file(out);
  render::WritePng(
      renderer.Draw({.state = &view.shown(), .marks = {}, .caption = {}}, kWidth, kHeight),
      file.path());
  file.Commit();
  LogInfo(fmt::format("the start is pictured in {}", out));
}

void WarnOfOddities(const RobotTask& task, const Trial& trial) {
  const int episodes = trial.episodes();
  for (const std::string& warning : WarningsOf(task)) LogWarning(warning);
  const auto steps = static_cast<double>(std::max<std::int64_t>(trial.steps, 1));
  const double step = trial.reward_terms.sum() / steps;
  if (step < 0 && !task.terminations.empty() && !EndingEarlyPays(task)) {
    LogWarning(fmt::format(
        "a step of random actions earns {:.3g} on average, and there is a [[termination]]: as long "
        "as that is so, an episode that ends early costs less; a [[reward]] of term \"alive\" and "
        "a "
        "weight above {:.3g} mends that",
        step, -step));
  }
  const int diverged = trial.ends[static_cast<std::size_t>(End::kDiverged)];
  if (diverged > 0) {
    LogWarning(
        fmt::format("physics diverged in {} of {} episodes: a smaller robot.physics_dt, "
                    "smaller actions or more damping may help",
                    diverged, episodes));
  }
  if (!task.terminations.empty() && static_cast<double>(trial.steps) < 2.0 * episodes) {
    LogWarning("episodes end at once: a [[termination]] holds at the start, or nearly");
  }
  Eigen::Index row = 0;
  for (const RobotObservation& seen : task.observations) {
    const Eigen::Index size = seen.size();
    const Vector lowest = trial.lowest.segment(row, size);
    const Vector highest = trial.highest.segment(row, size);
    if (trial.steps > 0 && !(lowest.allFinite() && highest.allFinite())) {
      LogWarning(fmt::format("observation {} is not finite", seen.term));
    } else if (trial.steps > 0 && lowest == highest) {
      LogWarning(fmt::format("observation {} never changes", seen.term));
    }
    row += size;
  }
}

constexpr int kStrainEpisodes = 5;

void CheckPicture(const std::string& out) {
  if (std::filesystem::path(out).extension() != ".png") {
    throw UserError("--picture=" + out + ": must end in .png");
  }
  CheckWritable(out, "--picture=" + out);
}

int RunCheck(const CommandLine& line) {
  if (line.Has("reference")) {
    PrintRobotReference();
    return 0;
  }
  const std::string file = OnlyPositional(line, "TASK.toml, the task file of a robot");
  const auto episodes = static_cast<int>(line.Integer("episodes", 1, 100000).value_or(20));
  const auto picture = line.Get("picture");
  if (picture) CheckPicture(*picture);
  Settings settings;
  settings.Set("task.file", file);
  const KeepAssets keep;  // the family reads the same meshes
  const std::unique_ptr<const RobotTask> task = ReadRobotTask(file);
  const auto maker = TaskFamilies::NewMaker("robot");
  SettingsReader reader(settings);
  maker->Describe(reader);
  const std::unique_ptr<TaskFamily> family = maker->Make();
  const Trial trial = TryRobot(*family, episodes, 1, file);
  const Strain strain = StrainOf(*family, std::min(episodes, kStrainEpisodes), 1);
  FirstUpdates updates;
  WithThreads(Threads(line), [&] { updates = TryUpdates(file); });

  PrintRobot(*task, *family, trial, strain, updates);
  WarnOfLongUpdates(updates);
  WarnOfOddities(*task, trial);
  if (picture) DrawStart(*family, *picture);
  return 0;
}

const RegisterCommand registration(
    {.place = 15,
     .name = "check",
     .usage = "anole check (TASK.toml | --reference)",
     .summary =
         "Checks the task file of a robot and tries it with random actions. Prints the task as it "
         "was understood; a mistake is told with its file, line and column.",
     .flags = {{"episodes", "N", "episodes of random actions; default: 20"},
               {"reference", "", "print all that a task file may say"},
               {"picture", "FILE.png", "picture the start of an episode"},
               kThreadsFlag,
               kQuietFlag,
               kLogLevelFlag},
     .max_positionals = 1,
     .takes = Takes::kTaskFile,
     .run = RunCheck});

}  // namespace
}  // namespace anole::app
