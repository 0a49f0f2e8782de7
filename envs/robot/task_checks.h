// What is tried of a robot's task before anything is trained on it: physics, and every number, at
// the start.
#pragma once

#include <cstddef>
#include <optional>

#include "envs/robot/task_file.h"

namespace anole {

// Throws OptionError where one control step of zero actions from the start does not go well.
void CheckStart(const RobotTask& task);
void CheckStart(const RobotTask& task, const OtherStart& other);

// A reward that is no number at the start never was one; later it ends an episode, as physics that
// diverges does. The first reward that is none, or nothing; the first observation, or null.
std::optional<std::size_t> RewardWithoutNumber(const RobotTask& task);
const RobotObservation* ObservationWithoutNumber(const RobotTask& task);

// What several sections say of one thing, each time one has been added. Both throw OptionError: a
// place that two sections say would be that of neither; a number may be impossible only together.
void CheckNotPlaced(const RobotTask& task);
void CheckTogether(const RobotTask& task);

}  // namespace anole
