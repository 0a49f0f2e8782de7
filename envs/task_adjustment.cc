#include "envs/task_adjustment.h"

#include <string>
#include <utility>

#include "configs/user_error.h"
#include "envs/family_decorator.h"

namespace anole {
namespace {

class AdjustedFamily : public FamilyDecorator {
 public:
  AdjustedFamily(std::unique_ptr<TaskFamily> family, const TaskAdjustment& adjustment)
      : FamilyDecorator(std::move(family)), spec_(FamilyDecorator::spec()) {
    const auto rows = static_cast<Eigen::Index>(spec_.task_parameters.size());
    const auto numbers = static_cast<Eigen::Index>(adjustment.fixed.size());
    if (numbers > 0) {
      if (rows == 0) throw OptionError("task.fixed", "must be []: tasks have no parameters");
      if (numbers % rows != 0) {
        throw OptionError("task.fixed",
                          "must have " + std::to_string(rows) +
                              " numbers for each task of this family, but there are " +
                              std::to_string(numbers));
      }
      fixed_ = Eigen::Map<const Matrix>(adjustment.fixed.data(), rows, numbers / rows);
      CheckFixed();
    }
    if (adjustment.observe_parameters) observed_ = rows;
    spec_.observation_dim += observed_;
    for (Eigen::Index i = 0; i < observed_; ++i) {
      const auto& [name, unit] = spec_.task_parameters[static_cast<std::size_t>(i)];
      spec_.observations.push_back({.name = "task parameter " + name, .unit = unit, .size = 1});
    }
    range_ = adjustment.action_range;
    spec_.action_range *= range_;
    if (range_ != 1) spec_.memory_dim += spec_.action_dim;  // where Step scales an action
  }

  const FamilySpec& spec() const override { return spec_; }

  Vector Sample(Rng& rng, const TaskPlace& place) const override {
    if (fixed_.cols() == 0) return FamilyDecorator::Sample(rng, place);
    return fixed_.col(place.index % fixed_.cols());
  }

  void Reset(VectorIn task, Simulation& simulation) const override {
    Simulation inner = Inner(simulation);
    FamilyDecorator::Reset(task, inner);
  }

  void Observe(VectorIn task, Simulation& simulation, VectorOut observation) const override {
    Simulation inner = Inner(simulation);
    FamilyDecorator::Observe(task, inner, observation.head(observation.size() - observed_));
    observation.tail(observed_) = task.head(observed_);
  }

  void ObservePrivileged(VectorIn task, Simulation& simulation,
                         VectorOut privileged) const override {
    Simulation inner = Inner(simulation);
    FamilyDecorator::ObservePrivileged(task, inner, privileged);
  }

  Outcome Step(VectorIn task, VectorIn action, Simulation& simulation,
               VectorOut reward_terms) const override {
    if (range_ == 1) return FamilyDecorator::Step(task, action, simulation, reward_terms);
    auto scaled = simulation.memory.tail(spec_.action_dim);
    scaled = action / range_;
    Simulation inner = Inner(simulation);
    return FamilyDecorator::Step(task, scaled, inner, reward_terms);
  }

 private:
  void CheckFixed() const {
    for (Eigen::Index i = 0; i < fixed_.cols(); ++i) {
      const std::string why_not =
          WhyNoTask(spec_.task_parameters, spec_.task_ranges, fixed_.col(i));
      if (!why_not.empty()) throw OptionError("task.fixed", why_not);
    }
  }

  // The episode as the adjusted family knows it: of its memory, that family's own part.
  Simulation Inner(Simulation& simulation) const {
    return {simulation.model,     simulation.data,
            simulation.reset,     simulation.observe,
            simulation.iteration, simulation.memory.head(FamilyDecorator::spec().memory_dim)};
  }

  FamilySpec spec_;
  double range_ = 1;
  Matrix fixed_;               // (task parameters x tasks); no columns: not fixed
  Eigen::Index observed_ = 0;  // task parameters at the end of an observation
};

}  // namespace

void TaskAdjustment::Describe(VisitOf<TaskAdjustment> visit) {
  visit("task.fixed", &TaskAdjustment::fixed,
        {.help = "the only tasks there are, in turn, in training as in tests: an expert's single "
                 "one, or a list (for tasks of two parameters [x1, y1, x2, y2]); []: as the family "
                 "draws them",
         .min = -1e9,
         .max = 1e9});
  visit("task.observe_parameters", &TaskAdjustment::observe_parameters,
        {.help = "append the task's parameters to the observation: an oracle, which need not adapt",
         .use = Use::kPolicy});
  visit("task.action_range", &TaskAdjustment::action_range,
        {.help = "actions of the policy within +-S span what the motors can do, so that S is the "
                 "size of a full push in its outputs and 1 / S that of noise of deviation 1; the "
                 "MAML codes of 2017 and 2018 have 10 and a log_std of 0",
         .min = 0.001,
         .max = 1000,
         .use = Use::kPolicy});
}

std::unique_ptr<TaskFamily> Adjust(std::unique_ptr<TaskFamily> family,
                                   const TaskAdjustment& adjustment) {
  if (adjustment == TaskAdjustment{}) return family;
  return std::make_unique<AdjustedFamily>(std::move(family), adjustment);
}

}  // namespace anole
