#include "tools/view/goal_mover.h"

#include <gtest/gtest.h>

#include "tests/envs/every_family.h"

namespace anole::view {
namespace {

TEST(GoalMoverTest, MovesTheNumberThatIsChosenWithinTheRangeOfGoals) {
  const auto family = MakeFamily("point-navigation");
  GoalMover mover(family->spec(), /*few=*/false);
  EXPECT_EQ(mover.WhyNot(), "");
  const Eigen::Vector2d goal(0.2, -0.1);
  EXPECT_TRUE(mover.Moved(goal, 0.1).isApprox(Eigen::Vector2d(0.3, -0.1)));
  mover.ChooseNumber(1);
  EXPECT_TRUE(mover.Moved(goal, 0.1).isApprox(Eigen::Vector2d(0.2, 0)));
  EXPECT_EQ(mover.Moved(goal, 10)[1], 0.5);
  EXPECT_EQ(mover.Chosen(goal)->value, "target y -0.1 m");
  mover.ChooseNumber(1);
  EXPECT_TRUE(mover.Moved(goal, 0.1).isApprox(Eigen::Vector2d(0.3, -0.1)));
  mover.ChooseNumber(-1);
  EXPECT_EQ(mover.Chosen(goal)->value, "target y -0.1 m");
}

TEST(GoalMoverTest, SaysWhyAGoalOfAFewIsNotMoved) {
  const auto family = MakeFamily("cheetah-direction");
  const GoalMover mover(family->spec(), /*few=*/true);
  EXPECT_NE(mover.WhyNot(), "");
  EXPECT_FALSE(mover.has_target());
  EXPECT_EQ(mover.Chosen(Vector::Constant(1, 1)), std::nullopt);
}

TEST(GoalMoverTest, PutsATargetWhereGoalsAre) {
  for (const char* name : {"point-navigation", "ant-goal", "reacher-goal"}) {
    const auto family = MakeFamily(name);
    const GoalMover mover(family->spec(), /*few=*/false);
    ASSERT_TRUE(mover.has_target()) << name;
    const Vector task = Vector::Zero(2);
    EXPECT_EQ(mover.WithTarget(task, {0.1, -0.05}), Eigen::Vector2d(0.1, -0.05)) << name;
    EXPECT_EQ(mover.WithTarget(task, {1e3, 0})[0], family->spec().task_ranges[0].whole().high);
  }
  const auto ant = MakeFamily("ant-velocity");
  EXPECT_FALSE(GoalMover(ant->spec(), /*few=*/false).has_target());
}

// A camera above the origin that sees 45 degrees to each side.
TEST(PlaneAtTest, IsWhereTheRayMeetsTheFloor) {
  mjvScene scene{};
  mjvGLCamera camera{};
  camera.pos[2] = 2;
  camera.forward[2] = -1;
  camera.up[1] = 1;
  camera.frustum_bottom = -1;
  camera.frustum_top = camera.frustum_near = 1;
  scene.camera[0] = scene.camera[1] = camera;
  EXPECT_TRUE(PlaneAt(scene, 2, 0.5, 0.5)->isZero(1e-6));
  EXPECT_TRUE(PlaneAt(scene, 2, 1, 0.75)->isApprox(Eigen::Vector2d(4, 1), 1e-6));
  camera.orthographic = 1;
  scene.camera[0] = scene.camera[1] = camera;
  EXPECT_TRUE(PlaneAt(scene, 2, 1, 0.75)->isApprox(Eigen::Vector2d(2, 0.5), 1e-6));
  camera.forward[2] = 1;  // upwards
  scene.camera[0] = scene.camera[1] = camera;
  EXPECT_EQ(PlaneAt(scene, 2, 0.5, 0.5), std::nullopt);
}

}  // namespace
}  // namespace anole::view
