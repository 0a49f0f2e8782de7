// The model by which a robot's episodes are simulated.
#pragma once

#include "envs/model_rewrite.h"
#include "envs/robot/task_file.h"

namespace anole {

// That of the task, or a faster one of the same motion. Throws UserError, with the model's file,
// where MuJoCo cannot simulate it.
ChosenModel SimulatedModel(const RobotTask& task, ModelRewrite rewrite);

}  // namespace anole
