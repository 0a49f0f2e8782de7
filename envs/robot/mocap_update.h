// What derives from the places of mocap bodies, brought up to date after an action has moved them.
#pragma once

#include <mujoco/mujoco.h>

#include <vector>

namespace anole {

// Before a physics step by mj_step2, between whose mj_step1 and now nothing else has changed.
class MocapUpdate {
 public:
  MocapUpdate() = default;  // of no bodies: does nothing
  MocapUpdate(const mjModel& model, const std::vector<int>& mocaps);

  // The step that follows is that of mj_step in every bit.
  void Apply(const mjModel& model, mjData& data) const;

 private:
  enum class What { kNothing, kWelds, kAll };
  What what_ = What::kNothing;
};

}  // namespace anole
