// A task family that is another one, but for what a derived class overrides.
#pragma once

#include <memory>
#include <utility>

#include "envs/task_family.h"

namespace anole {

class FamilyDecorator : public TaskFamily {
 public:
  explicit FamilyDecorator(std::unique_ptr<TaskFamily> family) : family_(std::move(family)) {}

  const FamilySpec& spec() const override { return family_->spec(); }
  const mjModel& model() const override { return family_->model(); }
  ModelPtr PicturedModel() const override { return family_->PicturedModel(); }
  bool varies_model() const override { return family_->varies_model(); }
  void Configure(VectorIn task, std::int64_t iteration, Rng& rng, mjModel& model) const override {
    family_->Configure(task, iteration, rng, model);
  }
  Vector Sample(Rng& rng, const TaskPlace& place) const override {
    return family_->Sample(rng, place);
  }
  void Reset(VectorIn task, Simulation& simulation) const override {
    family_->Reset(task, simulation);
  }
  void Observe(VectorIn task, Simulation& simulation, VectorOut observation) const override {
    family_->Observe(task, simulation, observation);
  }
  void ObservePrivileged(VectorIn task, Simulation& simulation,
                         VectorOut privileged) const override {
    family_->ObservePrivileged(task, simulation, privileged);
  }
  Outcome Step(VectorIn task, VectorIn action, Simulation& simulation,
               VectorOut reward_terms) const override {
    return family_->Step(task, action, simulation, reward_terms);
  }

 private:
  std::unique_ptr<TaskFamily> family_;
};

}  // namespace anole
