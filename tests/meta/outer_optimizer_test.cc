#include "meta/outer_optimizer.h"

#include <gtest/gtest.h>

#include <cmath>

namespace anole {
namespace {

// Along `direction`, as the step of an iteration of its own.
void Step(const OuterOptimizer& optimizer, const Vector& direction, MetaState& state) {
  optimizer.Step({direction, state.iteration, FrozenMetaBatch({}, Alone())}, state);
}

std::unique_ptr<OuterOptimizer> Make(const std::string& name, const LinearSchedule& schedule) {
  return OuterOptimizers::NewMaker(name)->Make(schedule);
}

TEST(LinearSchedule, IsLinearAndThenConstant) {
  const LinearSchedule schedule{.first = 1, .last = 0.2, .length = 4};
  EXPECT_EQ(schedule.At(0), 1);
  EXPECT_DOUBLE_EQ(schedule.At(1), 0.8);
  EXPECT_DOUBLE_EQ(schedule.At(4), 0.2);
  EXPECT_DOUBLE_EQ(schedule.At(400), 0.2);
  EXPECT_EQ((LinearSchedule{.first = 3, .last = 1, .length = 0}.At(7)), 3);
}

TEST(Sgd, StepsByItsSchedule) {
  const auto sgd = Make("sgd", {.first = 0.5, .last = 0, .length = 2});
  MetaState state;
  state.theta = Eigen::Vector2d(1, 2);
  Step(*sgd, Eigen::Vector2d(4, -4), state);
  EXPECT_EQ(state.theta, Vector(Eigen::Vector2d(3, 0)));
  state.iteration = 1;
  Step(*sgd, Eigen::Vector2d(4, -4), state);
  EXPECT_EQ(state.theta, Vector(Eigen::Vector2d(4, -1)));
  EXPECT_EQ(state.optimizer.size(), 0);
}

// Two steps by the formulas of Kingma and Ba (2015), algorithm 1, on one parameter.
TEST(Adam, ByHand) {
  const auto adam = Make("adam", {.first = 0.1});
  MetaState state;
  state.theta = Vector::Zero(1);
  Step(*adam, Vector::Constant(1, 3), state);
  EXPECT_NEAR(state.theta[0], 0.1 * 3 / (3 + 1e-4), 1e-15);
  state.iteration = 1;
  const double before = state.theta[0];
  Step(*adam, Vector::Constant(1, -1), state);
  const double mean = (0.9 * 0.1 * 3 - 0.1 * 1) / (1 - 0.81);
  const double square = (0.999 * 0.001 * 9 + 0.001 * 1) / (1 - 0.999 * 0.999);
  EXPECT_NEAR(state.theta[0] - before, 0.1 * mean / (std::sqrt(square) + 1e-4), 1e-12);
}

// The second of two steps of the first iteration is the second of two iterations' steps.
TEST(Adam, CountsStepsNotIterations) {
  const auto adam = Make("adam", {.first = 0.1});
  MetaState once, twice;
  once.theta = twice.theta = Vector::Zero(1);
  const Vector direction = Vector::Constant(1, 3), other = Vector::Constant(1, -1);
  Step(*adam, direction, once);
  once.iteration = 1;
  Step(*adam, other, once);
  const FrozenMetaBatch nothing({}, Alone());
  adam->Step({direction, 0, nothing}, twice);
  adam->Step({other, 1, nothing}, twice);
  EXPECT_EQ(twice.theta, once.theta);
}

TEST(Momentum, KeepsItsVelocity) {
  const auto momentum = Make("momentum", {.first = 0.5});
  MetaState state;
  state.theta = Vector::Zero(1);
  Step(*momentum, Vector::Constant(1, 4), state);
  EXPECT_DOUBLE_EQ(state.theta[0], 2);
  Step(*momentum, Vector::Constant(1, -2), state);  // velocity .9 * 4 - 2
  EXPECT_DOUBLE_EQ(state.theta[0], 2 + 0.5 * 1.6);
}

}  // namespace
}  // namespace anole
