// How a robot's episode begins: the start of the task file, where [[motion]]s begin, the noise
// about that, what [[place]] puts elsewhere, what [[drop]] drops.
#pragma once

#include <mujoco/mujoco.h>

#include <cstdint>
#include <vector>

#include "envs/linear_algebra.h"
#include "envs/random.h"
#include "envs/robot/actuators.h"
#include "envs/robot/task_file.h"

namespace anole {

// The servos of a task whose hold_start is set. Throws OptionError.
std::vector<PositionCommand> FindHolding(const Robot& robot);

// What is known of an episode before its start is drawn.
struct EpisodeOf {
  VectorIn places;             // the task's rows of Placements
  VectorIn motions;            // RobotState::motions
  std::int64_t iteration = 0;  // TaskFamily::Configure
};

// Puts `data`, which mj_resetData has left, into the first state of an episode; what derives from
// it is computed. Physics that blows up while what has been dropped settles is drawn again and,
// after ten times, begins without drops.
void BeginEpisode(const RobotTask& task, const EpisodeOf& episode, const mjModel& model, Rng& rng,
                  mjData& data);

// Physics for so many control steps, by the controls of the start; motors that an action commands
// as servos hold the place of action 0.
void SettleByControls(const RobotTask& task, std::int64_t steps, const mjModel& model,
                      mjData& data);

}  // namespace anole
