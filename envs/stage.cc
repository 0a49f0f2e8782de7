#include "envs/stage.h"

#include <cmath>
#include <limits>

namespace anole {
namespace {

// A number that a family does not write stays none.
constexpr double kUnwritten = std::numeric_limits<double>::quiet_NaN();

}  // namespace

Stage::Stage(const TaskFamily& family)
    : family_(family),
      task_model_(family),
      model_(&family.model()),
      data_(MakeData(family.model())),
      task_(static_cast<Eigen::Index>(family.spec().task_parameters.size())),
      memory_(Vector::Zero(family.spec().memory_dim)),
      observation_(Vector::Constant(family.spec().observation_dim, kUnwritten)),
      reward_terms_(Vector::Constant(static_cast<Eigen::Index>(family.spec().reward_terms.size()),
                                     kUnwritten)) {}

void Stage::Reset(VectorIn task, const Address& address, std::int64_t iteration) {
  task_ = task;
  iteration_ = iteration;
  reset_ = address.Open(Purpose::kReset);
  observe_ = address.Open(Purpose::kObserve);
  model_ = &task_model_.Prepare(task_, address, *data_, iteration);
  memory_.setZero();
  Simulation simulation = Now();
  family_.Reset(task_, simulation);
}

void Stage::Observe(VectorOut observation) {
  Simulation simulation = Now();
  family_.Observe(task_, simulation, observation);
}

void Stage::ObservePrivileged(VectorOut privileged) {
  Simulation simulation = Now();
  family_.ObservePrivileged(task_, simulation, privileged);
}

const Vector& Stage::Observe() {
  Observe(observation_);
  return observation_;
}

Outcome Stage::Step(VectorIn action, VectorOut reward_terms) {
  Simulation simulation = Now();
  Outcome outcome = family_.Step(task_, action, simulation, reward_terms);
  outcome.diverged = !std::isfinite(outcome.reward) || !IsHealthy(*model_, *data_);
  return outcome;
}

Outcome Stage::Step(VectorIn action) { return Step(action, reward_terms_); }

void Stage::Show(mjData& shown) const {
  mj_copyData(&shown, model_, data_.get());
  mj_fwdPosition(model_, &shown);
}

}  // namespace anole
