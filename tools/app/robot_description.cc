#include "tools/app/robot_description.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "envs/mujoco.h"
#include "envs/task_family.h"
#include "tools/app/robot_variety.h"
#include "tools/app/robot_words.h"
#include "tools/run/count_text.h"

namespace anole::app {
namespace {

// Controls that no action commands, where they hold anything.
void PrintHeld(const RobotTask& task) {
  const mjModel& model = *task.robot.model;
  std::vector<std::string> held;
  for (int actuator = 0; actuator < model.nactuator; ++actuator) {
    const bool commanded = std::ranges::any_of(task.actions, [&](const RobotAction& action) {
      return std::ranges::count(action.made->actuators(), actuator) > 0;
    });
    if (commanded) continue;
    std::string values;
    for (int i = 0; i < model.actuator_ctrlnum[actuator]; ++i) {
      values += fmt::format(" {:g}", task.robot.start.ctrl[model.actuator_ctrladr[actuator] + i]);
    }
    held.push_back(ElementName(model, mjOBJ_ACTUATOR, actuator) + values);
  }
  if (!held.empty()) PrintLine("held", "controls that no action commands: " + Several(held));
}

// [kg] Of all that is not fixed to the world.
double MovingMass(const mjModel& model) {
  double mass = 0;
  for (int body = 1; body < model.nbody; ++body) {
    if (model.body_weldid[body] != 0) mass += model.body_mass[body];
  }
  return mass;
}

void PrintModel(const RobotTask& task) {
  const mjModel& model = *task.robot.model;
  const RobotOptions& options = task.options;
  PrintLine("model",
            fmt::format("{}: {} degrees of freedom, {}, {:.3g} kg", options.model, model.nv,
                        CountText(model.nactuator, "actuator"), MovingMass(model)));
  std::string start = options.keyframe.empty() ? "qpos0" : "keyframe " + options.keyframe;
  for (const OtherStart& other : task.robot.other_starts) {
    start +=
        fmt::format(", in {:g} % of the episodes keyframe {}", 100 * other.share, other.keyframe);
  }
  PrintLine("start", start);
  PrintHeld(task);
  PrintLine("time",
            fmt::format("control step {:g} s = {} physics steps of {:g} s; horizon {} = {:g} s",
                        options.control_dt, task.physics_steps, model.opt.timestep,
                        CountText(options.horizon, "control step"),
                        static_cast<double>(options.horizon) * options.control_dt));
}

// "position 0 + 0.5 a, stiffness 40, damping 1"
std::string AskedText(const ActionPart& part) {
  std::string text = fmt::format("{} {:.4g} + {:.4g} a", part.quantity, part.offset, part.scale);
  if (part.stiffness != 0 || part.damping != 0) {
    text += fmt::format(", stiffness {:.4g}, damping {:.4g}", part.stiffness, part.damping);
  }
  return text;
}

void PrintActions(const RobotTask& task) {
  PrintLine("action", CountText(task.action_dim(), "number") + ", clipped to +-1");
  int row = 0;
  for (const RobotAction& action : task.actions) {
    for (const ActionPart& part : action.made->Interface()) {
      fmt::print("  {:>3}  {:<17} {}\n", row++, part.actuator, AskedText(part));
    }
  }
}

void PrintObservations(const RobotTask& task, const Trial& trial) {
  PrintLine("observation", CountText(trial.lowest.size(), "number") +
                               "; what random actions have shown of each term");
  Eigen::Index row = 0;
  for (const RobotObservation& seen : task.observations) {
    const Eigen::Index size = seen.size();
    const double low = trial.lowest.segment(row, size).minCoeff();
    const double high = trial.highest.segment(row, size).maxCoeff();
    const std::string rows =
        size == 1 ? std::to_string(row) : fmt::format("{}-{}", row, row + size - 1);
    std::string text =
        low > high ? "no finite number seen" : fmt::format("{:.3g} to {:.3g}", low, high);
    if (seen.scale == 1 && !seen.made->unit().empty())
      text += fmt::format(" {}", seen.made->unit());
    if (seen.scale != 1) text += fmt::format(", scale {:g}", seen.scale);
    if (seen.noise > 0) text += fmt::format(", noise {:g}", seen.noise);
    if (seen.clip > 0) text += fmt::format(", clipped to +-{:g}", seen.clip);
    if (seen.history > 1) text += fmt::format(", the last {}", seen.history);
    if (seen.padding == Padding::kZero) text += ", zeros before an episode";
    if (seen.draws_delay()) {
      text += fmt::format(", {} to {} control steps late", seen.delay, seen.delay_most);
    } else if (seen.delay > 0) {
      text += fmt::format(", {} late", CountText(seen.delay, "control step"));
    }
    fmt::print("  {:>7}  {:<22} {}{}\n", rows, seen.term, text, In(seen.told));
    row += size;
  }
  if (task.privileged.empty()) return;
  PrintLine("privileged", "what advantages are measured against sees beside them");
  for (const RobotObservation& seen : task.privileged) {
    fmt::print("  {:>7}  {:<22} scale {:g}{}\n", CountText(seen.size(), "number"), seen.term,
               seen.scale, In(seen.told));
  }
}

std::string WhenText(const When& when) {
  if (when.when.empty()) return "";
  return fmt::format("; while {} is {:g} to {:g}", when.when, when.when_range[0],
                     when.when_range[1]);
}

void PrintRewards(const RobotTask& task, const Trial& trial) {
  const auto steps = static_cast<double>(std::max<std::int64_t>(trial.steps, 1));
  PrintLine("reward", fmt::format("{:.4g} a step of random actions, of which",
                                  trial.reward_terms.sum() / steps));
  Eigen::Index row = 0;
  for (const RobotReward& reward : task.rewards) {
    std::string more = In(reward.told) + WhenText(reward.when);
    if (reward.growth.whole > 0) {
      more += fmt::format(", weight from {:g} on {}", reward.start_weight,
                          GrowthText(reward.growth, Growth::kIterations));
    }
    fmt::print("  {:<22} weight {:<8g} {:.4g}{}\n", reward.name, reward.weight,
               trial.reward_terms[row++] / steps, more);
  }
}

void PrintConditions(const std::string& name, const std::vector<RobotCondition>& conditions,
                     const std::string& empty) {
  PrintLine(name, conditions.empty() ? empty : "");
  for (const RobotCondition& condition : conditions) {
    fmt::print("  {:<22} {}{}\n", condition.term, condition.told, WhenText(condition.when));
  }
}

void PrintTrial(const RobotTask& task, const Trial& trial) {
  const int episodes = trial.episodes();
  PrintLine(
      "tried",
      fmt::format("{} of random actions: {} to the horizon, {} terminated, {} diverged",
                  CountText(episodes, "episode"), trial.ends[0], trial.ends[1], trial.ends[2]) +
          (task.successes.empty() ? "" : fmt::format("; {} succeeded", trial.successes)));
  PrintLine(
      "", fmt::format("mean return {:.4g}, mean length {:.4g}, {:.0f} control steps/s",
                      trial.sum_of_returns / episodes, static_cast<double>(trial.steps) / episodes,
                      static_cast<double>(trial.steps) / trial.seconds));
}

// "left_knee 31 %, right_knee 30 %", of those that are so often at their ends.
std::string AtEnds(const mjModel& model, mjtObj kind, VectorIn shares) {
  constexpr double kOften = 0.05;
  std::vector<std::string> words;
  for (Eigen::Index i = 0; i < shares.size(); ++i) {
    if (shares[i] < kOften) continue;
    words.push_back(
        fmt::format("{} {:.0f} %", ElementName(model, kind, static_cast<int>(i)), 100 * shares[i]));
  }
  return words.empty() ? "none" : Several(words);
}

void PrintStrain(const mjModel& model, const Strain& strain) {
  PrintLine("at its limit", "in more than 5 % of the control steps of random actions");
  fmt::print("  {:<22} {}\n", "forces of actuators", AtEnds(model, mjOBJ_ACTUATOR, strain.forces));
  fmt::print("  {:<22} {}\n", "joints", AtEnds(model, mjOBJ_JOINT, strain.joints));
  PrintLine("time goes into",
            fmt::format("physics {:.0f} %, of which contacts are found in {:.0f} % "
                        "and forces solved for in {:.0f} %; terms, noise and the "
                        "rest {:.0f} %",
                        100 * strain.physics, 100 * strain.collision, 100 * strain.constraints,
                        100 * (1 - strain.physics)));
}

void PrintUpdates(const FirstUpdates& updates) {
  std::string text;
  for (const double kl : updates.kl) text += fmt::format("{}{:.2g}", text.empty() ? "" : ", ", kl);
  PrintLine("first updates",
            fmt::format("of 10 episodes each, from random parameters: KL {} nats at "
                        "inner.step_size = {:g}",
                        text, updates.step_size));
}

}  // namespace

void PrintRobot(const RobotTask& task, const TaskFamily& family, const Trial& trial,
                const Strain& strain, const FirstUpdates& updates) {
  PrintModel(task);
  PrintLine("simulated", family.spec().simulated);
  PrintVariety(task);
  PrintActions(task);
  PrintObservations(task, trial);
  PrintRewards(task, trial);
  PrintConditions("terminated by", task.terminations, "nothing: episodes go to the horizon");
  PrintConditions("success", task.successes, "not defined");
  PrintTrial(task, trial);
  PrintStrain(family.model(), strain);
  PrintUpdates(updates);
  PrintLine("checksum", task.checksum);
}

}  // namespace anole::app
