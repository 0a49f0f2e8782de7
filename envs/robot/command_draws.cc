#include "envs/robot/command_draws.h"

namespace anole {

CommandDraws::CommandDraws(const std::vector<RobotCommand>& commands, double control_dt)
    : commands_(&commands) {
  for (const RobotCommand& command : commands) {
    redraws_.Add(command.redraw, control_dt);
    if (command.per_task()) ++per_task_;
  }
}

void CommandDraws::Begin(VectorIn task, const RobotMemory& memory, Simulation& simulation) const {
  auto commands = memory.commands.Of(simulation.memory);
  Eigen::Index row = 0;
  for (std::size_t i = 0; i < redraws_.size(); ++i) {
    if ((*commands_)[i].per_task()) commands[static_cast<Eigen::Index>(i)] = task[row++];
  }
  Draw(memory, simulation);
}

bool CommandDraws::Draw(const RobotMemory& memory, Simulation& simulation) const {
  auto commands = memory.commands.Of(simulation.memory);
  const bool first = simulation.memory[memory.steps()] == 0;
  double zero = -1;
  for (std::size_t i = 0; i < redraws_.size(); ++i) {
    const RobotCommand& command = (*commands_)[i];
    if (command.per_task() || !IsDrawnNow(i, memory, simulation.memory)) continue;
    if (zero < 0) zero = simulation.reset.Uniform(0, 1);
    const auto [low, high] = command.range.In(simulation.iteration);
    const double value = simulation.reset.Uniform(low, high);
    const double own = command.zero_apart ? simulation.reset.Uniform(0, 1) : zero;
    const bool is_zero = own < command.zero_share && (command.zero_first || !first);
    const bool is_kept =
        !first && command.keep_share > 0 && simulation.reset.Uniform(0, 1) < command.keep_share;
    if (!is_kept) commands[static_cast<Eigen::Index>(i)] = is_zero ? 0 : value;
  }
  redraws_.DrawTimes(simulation.memory[memory.steps()], simulation.reset,
                     memory.redraws.Of(simulation.memory));
  return zero >= 0;
}

bool CommandDraws::IsDrawnNow(std::size_t command, const RobotMemory& memory,
                              VectorIn numbers) const {
  const double step = numbers[memory.steps()];
  return step == 0 || redraws_.IsDue(command, step, memory.redraws.Of(numbers));
}

}  // namespace anole
