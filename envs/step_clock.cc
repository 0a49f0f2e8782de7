#include "envs/step_clock.h"

#include <chrono>
#include <utility>

#include "envs/family_decorator.h"

namespace anole {
namespace {

constexpr int kTimedEvery = 16;  // [control steps]; reading the clock takes time as well

class TimedFamily : public FamilyDecorator {
 public:
  TimedFamily(std::unique_ptr<TaskFamily> family, StepClock& clock)
      : FamilyDecorator(std::move(family)), clock_(clock) {}

  Outcome Step(VectorIn task, VectorIn action, Simulation& simulation,
               VectorOut reward_terms) const override {
    thread_local int steps = 0;
    if (++steps < kTimedEvery) {
      return FamilyDecorator::Step(task, action, simulation, reward_terms);
    }
    steps = 0;
    using Clock = std::chrono::steady_clock;
    const Clock::time_point start = Clock::now();
    const Outcome outcome = FamilyDecorator::Step(task, action, simulation, reward_terms);
    clock_.Add(kTimedEvery * std::chrono::duration<double>(Clock::now() - start).count());
    return outcome;
  }

 private:
  StepClock& clock_;
};

}  // namespace

std::unique_ptr<TaskFamily> TimeSteps(std::unique_ptr<TaskFamily> family, StepClock& clock) {
  return std::make_unique<TimedFamily>(std::move(family), clock);
}

}  // namespace anole
