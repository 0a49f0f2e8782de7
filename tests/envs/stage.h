// An episode by hand: a family, its data and its streams.
#pragma once

#include <limits>

#include "envs/mujoco.h"
#include "envs/task_family.h"
#include "envs/task_model.h"

namespace anole {

class Stage {
 public:
  explicit Stage(const TaskFamily& family, const Address& address = {})
      : family_(family),
        address_(address),
        task_model_(family),
        data_(MakeData(family.model())),
        memory_(Vector::Zero(family.spec().memory_dim)),
        reset_(address.Open(Purpose::kReset)),
        observe_(address.Open(Purpose::kObserve)),
        step_(address.Open(Purpose::kStep)) {}

  void Reset(VectorIn task) {
    model_ = &task_model_.Prepare(task, address_, *data_);
    Simulation simulation = Now();
    family_.Reset(task, simulation);
  }
  Vector Observe(VectorIn task) {
    Vector observation =
        Vector::Constant(family_.spec().observation_dim, std::numeric_limits<double>::quiet_NaN());
    Simulation simulation = Now();
    family_.Observe(task, simulation, observation);
    return observation;
  }
  Outcome Step(VectorIn task, VectorIn action) {
    terms = Vector::Constant(static_cast<Eigen::Index>(family_.spec().reward_terms.size()),
                             std::numeric_limits<double>::quiet_NaN());
    Simulation simulation = Now();
    return family_.Step(task, action, simulation, terms);
  }
  const mjModel& model() const { return *model_; }  // of the task, once it is reset
  mjData& data() { return *data_; }

  Vector terms;  // of the last step

 private:
  Simulation Now() { return {*model_, *data_, reset_, observe_, step_, memory_}; }

  const TaskFamily& family_;
  Address address_;
  TaskModel task_model_;
  const mjModel* model_ = nullptr;
  DataPtr data_;
  Vector memory_;
  Rng reset_, observe_, step_;
};

}  // namespace anole
