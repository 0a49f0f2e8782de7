#include "envs/robot/simulated_model.h"

#include <vector>

#include "configs/user_error.h"
#include "envs/lean_model.h"
#include "envs/mujoco_error.h"
#include "envs/random.h"
#include "envs/task_family.h"

namespace anole {
namespace {

constexpr int kTaskExamples = 3;

// What some episodes change, to try a rewritten model on.
std::vector<ModelChange> Examples(const RobotTask& task) {
  std::vector<ModelChange> changes;
  for (int i = 0; !task.randomizations.empty() && i < kTaskExamples; ++i) {
    changes.emplace_back([&task, i](mjModel& model) {
      Rng rng = Address{.rollout = i}.Open(Purpose::kModel);
      for (const Randomization& change : task.randomizations) change.ApplyDrawn(kGrown, rng, model);
    });
  }
  return changes;
}

}  // namespace

ChosenModel SimulatedModel(const RobotTask& task, ModelRewrite rewrite) try {
  const Robot& robot = task.robot;
  ChosenModel chosen;
  switch (rewrite) {
    case ModelRewrite::kAuto:
      chosen = FasterModelOf(*robot.spec, *robot.model, Examples(task));
      break;
    case ModelRewrite::kOff:
      chosen = {CopyModel(*robot.model), ToldOfNoRewrite()};
      break;
  }
  ForgetAssets();
  return chosen;
} catch (const MujocoError& error) {
  throw UserError(task.options.model + ": " + error.what());
}

}  // namespace anole
