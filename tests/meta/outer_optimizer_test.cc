#include "meta/outer_optimizer.h"

#include <gtest/gtest.h>

#include <cmath>

namespace anole {
namespace {

std::unique_ptr<OuterOptimizer> Make(const std::string& name, const StepSchedule& schedule) {
  return OuterOptimizers::NewMaker(name)->Make(schedule);
}

TEST(StepSchedule, IsLinearAndThenConstant) {
  const StepSchedule schedule{.first = 1, .last = 0.2, .length = 4};
  EXPECT_EQ(schedule.At(0), 1);
  EXPECT_DOUBLE_EQ(schedule.At(1), 0.8);
  EXPECT_DOUBLE_EQ(schedule.At(4), 0.2);
  EXPECT_DOUBLE_EQ(schedule.At(400), 0.2);
  EXPECT_EQ((StepSchedule{.first = 3, .last = 1, .length = 0}.At(7)), 3);
}

TEST(Sgd, StepsByItsSchedule) {
  const auto sgd = Make("sgd", {.first = 0.5, .last = 0, .length = 2});
  MetaState state;
  state.theta = Eigen::Vector2d(1, 2);
  sgd->Step(Eigen::Vector2d(4, -4), state);
  EXPECT_EQ(state.theta, Vector(Eigen::Vector2d(3, 0)));
  state.iteration = 1;
  sgd->Step(Eigen::Vector2d(4, -4), state);
  EXPECT_EQ(state.theta, Vector(Eigen::Vector2d(4, -1)));
  EXPECT_EQ(state.optimizer.size(), 0);
}

// Two steps by the formulas of Kingma and Ba (2015), algorithm 1, on one parameter.
TEST(Adam, ByHand) {
  const auto adam = Make("adam", {.first = 0.1});
  MetaState state;
  state.theta = Vector::Zero(1);
  adam->Step(Vector::Constant(1, 3), state);
  EXPECT_NEAR(state.theta[0], 0.1 * 3 / (3 + 1e-4), 1e-15);
  state.iteration = 1;
  const double before = state.theta[0];
  adam->Step(Vector::Constant(1, -1), state);
  const double mean = (0.9 * 0.1 * 3 - 0.1 * 1) / (1 - 0.81);
  const double square = (0.999 * 0.001 * 9 + 0.001 * 1) / (1 - 0.999 * 0.999);
  EXPECT_NEAR(state.theta[0] - before, 0.1 * mean / (std::sqrt(square) + 1e-4), 1e-12);
}

TEST(Momentum, KeepsItsVelocity) {
  const auto momentum = Make("momentum", {.first = 0.5});
  MetaState state;
  state.theta = Vector::Zero(1);
  momentum->Step(Vector::Constant(1, 4), state);
  EXPECT_DOUBLE_EQ(state.theta[0], 2);
  momentum->Step(Vector::Constant(1, -2), state);  // velocity .9 * 4 - 2
  EXPECT_DOUBLE_EQ(state.theta[0], 2 + 0.5 * 1.6);
}

}  // namespace
}  // namespace anole
