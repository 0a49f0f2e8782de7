// A task family whose body is a model of envs/models.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "envs/families/body_options.h"
#include "envs/mujoco.h"
#include "envs/robot/actuators.h"
#include "envs/robot/names.h"
#include "envs/task_family.h"

namespace anole {

class SimulatedFamily : public TaskFamily {
 public:
  const FamilySpec& spec() const override { return spec_; }
  const mjModel& model() const override { return *model_; }
  ModelPtr PicturedModel() const override { return LoadPicturedModel(file_); }

 protected:
  // file: of envs/models; model: what was made of it.
  SimulatedFamily(std::string_view file, ModelPtr model) : model_(std::move(model)), file_(file) {}
  SimulatedFamily(std::string_view file, ChosenModel chosen)
      : SimulatedFamily(file, std::move(chosen.model)) {
    spec_.simulated = std::move(chosen.told);
  }
  // changes: of some tasks, where they differ in their dynamics; see FasterModel.
  SimulatedFamily(std::string_view file, const BodyOptions& options,
                  const std::vector<ModelChange>& changes = {})
      : SimulatedFamily(file, options.Load(file, changes)) {}

  // Of actions that are the controls of all motors, times `largest_control`.
  std::vector<ActionPart> Motors(double largest_control) const {
    std::vector<ActionPart> motors;
    for (int i = 0; i < model_->nu; ++i) {
      ActionPart& motor = motors.emplace_back();
      motor.actuator = ElementName(*model_, mjOBJ_ACTUATOR, i);
      motor.scale = largest_control;
      std::tie(motor.lowest_control, motor.highest_control) = ControlLimits(*model_, i);
    }
    return motors;
  }

  const ModelPtr model_;  // as simulated
  FamilySpec spec_;       // for the derived class to fill in

 private:
  std::string file_;
};

}  // namespace anole
