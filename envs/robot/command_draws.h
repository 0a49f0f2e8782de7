// When the commands of an episode are drawn, and what they are then.
#pragma once

#include <cstddef>
#include <vector>

#include "envs/linear_algebra.h"
#include "envs/robot/redraws.h"
#include "envs/robot/robot_command.h"
#include "envs/robot/robot_memory.h"
#include "envs/task_family.h"

namespace anole {

class CommandDraws {
 public:
  CommandDraws() = default;
  // commands: must outlive it. control_dt: [s]. Throws OptionError.
  CommandDraws(const std::vector<RobotCommand>& commands, double control_dt);

  // How many commands are rows of a task: its first ones.
  Eigen::Index per_task() const { return per_task_; }

  // At the start of an episode: the commands of `task`, and those that are drawn.
  void Begin(VectorIn task, const RobotMemory& memory, Simulation& simulation) const;

  // Those that are drawn in this control step, together: one draw decides which are zero, but for
  // those that are so apart. Whether there were any.
  bool Draw(const RobotMemory& memory, Simulation& simulation) const;

 private:
  bool IsDrawnNow(std::size_t command, const RobotMemory& memory, VectorIn numbers) const;

  const std::vector<RobotCommand>* commands_ = nullptr;
  Redraws redraws_;  // of each of them
  Eigen::Index per_task_ = 0;
};

}  // namespace anole
