#include "tools/run/fixed_point.h"

#include <Eigen/LU>
#include <functional>

#include "meta/finite.h"
#include "meta/trainer.h"

namespace anole {
namespace {

constexpr Eigen::Index kMostParameters = 8;
constexpr double kRounding = 1e-9;  // relative

bool IsSame(const Vector& one, const Vector& other) {
  return (one - other).norm() <= kRounding * (1e-3 + one.norm());
}

// Where an affine `move` of theta, offset + matrix * theta, is nothing. None where it is not
// affine.
std::optional<Vector> RootOfAffine(Eigen::Index size,
                                   const std::function<Vector(const Vector&)>& move) {
  Vector at = Vector::Zero(size);
  const Vector offset = move(at);
  Matrix matrix(size, size);
  for (Eigen::Index i = 0; i < size; ++i) {
    at.setZero();
    at[i] = 1;
    const Vector moved = move(at);
    matrix.col(i) = moved - offset;
  }
  for (Eigen::Index i = 0; i < size; ++i) at[i] = 2.3 - 1.7 * static_cast<double>(i);  // elsewhere
  const Vector moved = move(at), expected = offset + matrix * at;
  if (!IsSame(moved, expected)) return std::nullopt;
  const Eigen::FullPivLU<Matrix> solver(matrix);
  if (!solver.isInvertible()) return std::nullopt;
  at = solver.solve(-offset);
  const Vector left = move(at);
  if (!(left.norm() <= kRounding * (1 + at.norm()))) return std::nullopt;
  return at;
}

}  // namespace

bool IsLine(const SupervisedLoop& loop) {
  const DataSpec& data = loop.data();
  return data.input_dim == 1 && data.output_dim == 1 && !data.classification &&
         loop.Initial(0).theta.size() == 2;
}

std::optional<Vector> MetaFixedPoint(const Experiment& experiment, const SupervisedLoop& loop) try {
  const auto seed = static_cast<std::uint64_t>(experiment.run.seed);
  const Learnable start = loop.Initial(seed);
  if (start.theta.size() > kMostParameters) return std::nullopt;
  const auto gradient = experiment.MakeGradient();
  const auto optimizer = experiment.MakeOptimizer();
  const Trainer trainer(experiment.trainer, seed, loop, *gradient, *optimizer);
  const auto direction = [&](const Vector& theta, std::int64_t iteration) {
    MetaState state(start);
    state.theta = theta;
    state.iteration = iteration;
    const IterationFacts facts = trainer.Step(state);
    return gradient->Direction(facts.batch, theta);
  };
  for (const std::int64_t iteration : {1, 2, 7}) {
    const Vector first = direction(start.theta, 0), later = direction(start.theta, iteration);
    if (!IsSame(first, later)) return std::nullopt;
  }
  return RootOfAffine(start.theta.size(), [&](const Vector& theta) { return direction(theta, 0); });
} catch (const RunawayError&) {
  return std::nullopt;  // steps that long end nowhere
}

std::optional<Vector> TaskFixedPoint(const SupervisedLoop& loop, VectorIn task) {
  Learnable state = loop.Initial(0);
  if (state.theta.size() > kMostParameters) return std::nullopt;
  const auto move = [&](const Vector& theta, std::int64_t number) {
    state.theta = theta;
    Adaptation adaptation = loop.Adapt(state, task, {.task = number}, {.updates = 1});
    adaptation.params -= theta;
    return adaptation.params;
  };
  const Vector initial = state.theta;
  const Vector first = move(initial, 0), later = move(initial, 1);
  if (!IsSame(first, later)) return std::nullopt;
  return RootOfAffine(state.theta.size(), [&](const Vector& theta) { return move(theta, 0); });
}

}  // namespace anole
