#include "meta/trainer.h"

#include <cmath>
#include <utility>

#include "meta/adapt_on_ranks.h"
#include "meta/finite.h"

namespace anole {

void TrainerOptions::Describe(VisitOf<TrainerOptions> visit, bool takes_step_size) {
  visit("meta.iterations", &TrainerOptions::iterations,
        {.help = "outer steps to train for",
         .min = 0,
         .max = static_cast<double>(Address::kMaxIteration),
         .use = Use::kLength});
  visit("meta.batch_size", &TrainerOptions::batch_size,
        {.help = "tasks of a meta-iteration; 1 is serial Reptile",
         .unit = "tasks",
         .min = 1,
         .max = static_cast<double>(Address::kMaxTask),
         .use = Use::kTraining});
  visit("meta.strata", &TrainerOptions::strata,
        {.help = "so many successive tasks cover a one-dimensional range evenly; 0: a meta-batch",
         .unit = "tasks",
         .min = 0,
         .max = static_cast<double>(Address::kMaxTask),
         .use = Use::kTraining});
  visit("task.mixture", &TrainerOptions::mixture,
        {.help = "joint training: the tasks of a meta-batch are learned as one, with pooled "
                 "gradients, instead of each from theta on",
         .use = Use::kTraining});
  if (const auto where = visit.Where(takes_step_size, "meta.optimizer is another than trpo")) {
    where("meta.step_size", &TrainerOptions::step_size,
          {.help = "outer step size", .min = 0, .max = 1e6, .use = Use::kTraining});
  }
  visit("meta.anneal_iterations", &TrainerOptions::anneal_iterations,
        {.help = "length of all schedules, fixed at the first start; 0: constant",
         .unit = "iterations",
         .min = 0,
         .max = static_cast<double>(Address::kMaxIteration),
         .use = Use::kTraining});
  if (const auto where =
          visit.Where(takes_step_size && visit->anneal_iterations > 0,
                      "meta.anneal_iterations is set, and meta.optimizer another than trpo")) {
    where("meta.step_size_decay", &TrainerOptions::step_size_decay,
          {.help = "outer step size at the end of the schedule over that at its start, linear",
           .min = 0,
           .max = 1e6,
           .use = Use::kTraining});
  }
  visit(
      "meta.average", &TrainerOptions::average,
      {.help = "decay of a moving average of theta, over some 1 / (1 - decay) iterations, that is "
               "validated, evaluated and adapted in the place of theta; 0: none",
       .min = 0,
       .max = 0.9999,
       .use = Use::kLength});
  visit("meta.tolerance", &TrainerOptions::tolerance,
        {.help = "stop when the norm of the meta gradient falls below this; 0: never",
         .min = 0,
         .use = Use::kLength});
}

namespace {

// Fills in how far the adaptations went from `theta`, and how much alike.
void CompareAdaptations(VectorIn theta, IterationFacts& facts) {
  const auto tasks = static_cast<double>(facts.batch.size());
  Vector sum = Vector::Zero(theta.size());  // of unit vectors: |sum|^2 = tasks + sum of cosines
  for (const Adaptation& adaptation : facts.batch) {
    const Vector change = adaptation.params - theta;
    const double distance = change.norm();
    facts.adapted_distance += distance / tasks;
    sum += change / distance;
  }
  facts.adapted_cosine = (sum.squaredNorm() - tasks) / (tasks * (tasks - 1));
}

}  // namespace

IterationFacts Trainer::Step(MetaState& state, const std::function<void()>& on_adapted) const {
  const std::int64_t strata = options_.strata > 0 ? options_.strata : options_.batch_size;
  const Matrix tasks = loop_.SampleTasks(seed_, Phase::kTrain,
                                         {.first = state.iteration * options_.batch_size,
                                          .count = options_.batch_size,
                                          .strata = strata});
  IterationFacts facts{AdaptTasks(state, tasks, on_adapted)};
  CheckFinite(facts.batch, loop_.spec().layout, state);
  CompareAdaptations(state.theta, facts);
  MetaState next = state;
  const FrozenMetaBatch frozen(facts.batch, ranks_);
  MoveTheta(facts.batch, frozen, next);
  CheckOuterStep(next, state);
  facts.step_norm = (next.theta - state.theta).norm();
  if (loop_.spec().rolls_out) {
    CheckStepLength(next.theta - state.theta, facts.adapted_distance, loop_.spec().layout, state);
  }
  if (plan_.derivative == Derivative::kAtAnyTheta) {
    facts.kl = frozen.At(next.theta).kl;
    CheckOuterKl(*facts.kl, state);
  }
  next.context = loop_.NextContext(state, facts.batch);
  CheckContext(next.context, loop_.spec().layout, state);
  for (Adaptation& adaptation : facts.batch) {
    next.samples += adaptation.samples;
    adaptation.frozen.reset();  // the episodes have served
  }
  ++next.iteration;
  Average(next);
  state = std::move(next);
  return facts;
}

// Polyak averaging, exponential: after t iterations, theta of k iterations ago has the weight
// average^k of a sum of t of them. Training goes on from theta itself.
void Trainer::Average(MetaState& state) const {
  const double decay = options_.average;
  if (decay == 0) {
    state.average.resize(0);
  } else if (state.average.size() == 0) {
    state.average = state.theta;
  } else {
    const double weight = (1 - decay) / (1 - std::pow(decay, static_cast<double>(state.iteration)));
    state.average += weight * (state.theta - state.average);
  }
}

void Trainer::MoveTheta(std::span<const Adaptation> batch, const FrozenMetaBatch& frozen,
                        MetaState& state) const {
  const std::int64_t steps = gradient_.needs().outer_steps;
  Vector direction = gradient_.Direction(batch, state.theta);
  state.direction_norm = direction.norm();
  for (std::int64_t i = 0; i < steps; ++i) {
    if (i > 0) direction = frozen.Gradient(state.theta);
    optimizer_.Step({direction, state.iteration * steps + i, frozen}, state);
  }
}

std::vector<Adaptation> Trainer::AdaptTasks(const MetaState& state, MatrixIn tasks,
                                            const std::function<void()>& on_adapted) const {
  const std::int64_t columns = options_.mixture ? tasks.cols() : 1;  // of an adaptation
  return AdaptOnRanks(ranks_, options_.adaptations(), [&](std::int64_t i) {
    const Address address{.seed = seed_, .iteration = state.iteration, .task = i};
    Adaptation adaptation = loop_.Adapt(state, tasks.middleCols(i, columns), address, plan_);
    if (on_adapted) on_adapted();
    return adaptation;
  });
}

}  // namespace anole
