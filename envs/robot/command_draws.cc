#include "envs/robot/command_draws.h"

#include <algorithm>
#include <cmath>

namespace anole {

CommandDraws::CommandDraws(const std::vector<RobotCommand>& commands, double control_dt)
    : commands_(&commands) {
  for (const RobotCommand& command : commands) {
    steps_.emplace_back(StepsOf("every", command.every, control_dt),
                        StepsOf("every_most", command.every_most, control_dt));
    if (command.per_task()) ++per_task_;
  }
}

void CommandDraws::Begin(VectorIn task, const RobotMemory& memory, Simulation& simulation) const {
  auto commands = memory.commands.Of(simulation.memory);
  Eigen::Index row = 0;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if ((*commands_)[i].per_task()) commands[static_cast<Eigen::Index>(i)] = task[row++];
  }
  Draw(memory, simulation);
}

bool CommandDraws::Draw(const RobotMemory& memory, Simulation& simulation) const {
  auto commands = memory.commands.Of(simulation.memory);
  const bool first = simulation.memory[memory.steps()] == 0;
  double zero = -1;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const RobotCommand& command = (*commands_)[i];
    if (command.per_task() || !IsDrawnNow(i, memory, simulation.memory)) continue;
    if (zero < 0) zero = simulation.reset.Uniform(0, 1);
    const auto [low, high] = command.range.Of(Phase::kTrain);
    const double value = simulation.reset.Uniform(low, high);
    const double own = command.zero_apart ? simulation.reset.Uniform(0, 1) : zero;
    const bool is_zero = own < command.zero_share && (command.zero_first || !first);
    const bool is_kept =
        !first && command.keep_share > 0 && simulation.reset.Uniform(0, 1) < command.keep_share;
    if (!is_kept) commands[static_cast<Eigen::Index>(i)] = is_zero ? 0 : value;
  }
  DrawTimes(memory, simulation);
  return zero >= 0;
}

bool CommandDraws::IsDrawnNow(std::size_t command, const RobotMemory& memory,
                              VectorIn numbers) const {
  const double step = numbers[memory.steps()];
  if (step == 0) return true;
  if ((*commands_)[command].draws_times()) {
    return step == memory.redraws.Of(numbers)[static_cast<Eigen::Index>(command)];
  }
  const std::int64_t every = steps_[command].first;
  return every > 0 && static_cast<std::int64_t>(step) % every == 0;
}

// After how many control steps it is drawn anew, where that is random.
double CommandDraws::DrawTime(std::size_t command, Rng& rng) const {
  const auto [every, most] = steps_[command];
  const auto least = static_cast<double>(every);
  if ((*commands_)[command].times == CommandTimes::kExponential) {
    return std::max(1.0, std::round(-least * std::log1p(-rng.Uniform(0, 1))));
  }
  return std::floor(rng.Uniform(least, static_cast<double>(most) + 1));
}

// When those that have just been drawn are drawn anew, where that is random; it is the same of all
// that are drawn together.
void CommandDraws::DrawTimes(const RobotMemory& memory, Simulation& simulation) const {
  const std::vector<RobotCommand>& all = *commands_;
  const double step = simulation.memory[memory.steps()];
  auto redraws = memory.redraws.Of(simulation.memory);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    if (!all[i].draws_times() || step < redraws[row]) continue;
    const double next = step + DrawTime(i, simulation.reset);
    for (std::size_t j = i; j < all.size(); ++j) {
      if (all[j].IsDrawnWith(all[i])) redraws[static_cast<Eigen::Index>(j)] = next;
    }
  }
}

}  // namespace anole
