// The model that simulates an episode: the one that all tasks of a family share or, where they
// differ in their dynamics, one like it with those of the task.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "envs/mujoco.h"
#include "envs/random.h"
#include "envs/task_family.h"
#include "envs/varying_model.h"

namespace anole {

// The memory of one thread at a time.
class TaskModel {
 public:
  explicit TaskModel(const TaskFamily& family);

  // The model of an episode of `task`, until the next call. Begins from the family's model,
  // whatever was simulated before, so that changes never add up; leaves `data` as mj_resetData
  // leaves it for that model. Allocates nothing. iteration: TaskFamily::Configure.
  const mjModel& Prepare(VectorIn task, const Address& episode, mjData& data,
                         std::int64_t iteration = kGrown);

  // The model that Prepare has given, or one of its own in its place, after `change` and with what
  // derives from it, until the next Prepare. For windows, where somebody loads a robot as it walks:
  // allocates.
  const mjModel& Change(const std::function<void(mjModel&)>& change);

 private:
  const TaskFamily& family_;
  std::unique_ptr<VaryingModel> own_;  // null where tasks share the family's model, until Change
};

}  // namespace anole
