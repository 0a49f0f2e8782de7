// What displays say in plain data.
#include <gtest/gtest.h>

#include <algorithm>

#include "envs/displays/point_display.h"
#include "envs/displays/velocity_display.h"
#include "envs/mujoco.h"
#include "tests/envs/every_family.h"

namespace anole {
namespace {

class Displays : public testing::Test {
 protected:
  // After some control steps of .1 s.
  Moment After(const Vector& task, const std::vector<Eigen::Vector3d>& path) const {
    return {.task = task,
            .model = *model_,
            .data = *data_,
            .path = path,
            .control_dt = 0.1,
            .top = 0.5};
  }
  // The first mark of a role; they are numbers for a test to look at.
  static Mark Find(const std::vector<Mark>& marks, Mark::Role role) {
    const auto found = std::ranges::find(marks, role, &Mark::role);
    EXPECT_NE(found, marks.end());
    return *found;
  }

  ModelPtr model_ = LoadEmbeddedModel("point.xml");
  DataPtr data_ = MakeData(*model_);
};

TEST_F(Displays, AVelocityIsTheMeanOverTheTimeThereWas) {
  const Vector task;
  std::vector<Eigen::Vector3d> path = {{0, 0, 0}};
  EXPECT_EQ(After(task, path).Velocity(1), Eigen::Vector3d::Zero());
  for (const double x : {1., 3., 6.}) path.emplace_back(x, 0, 0);
  EXPECT_DOUBLE_EQ(After(task, path).Velocity(0.1).x(), 30);
  EXPECT_DOUBLE_EQ(After(task, path).Velocity(0.2).x(), 25);
  EXPECT_DOUBLE_EQ(After(task, path).Velocity(1e6).x(), 20);
  EXPECT_DOUBLE_EQ(After(task, path).Velocity(1e-9).x(), 30) << "one step at least";
}

TEST_F(Displays, ArrowsPointWhereAVelocityGoes) {
  using Asks = VelocityDisplay::Asks;
  const Vector backwards = Vector::Constant(1, -2);
  const std::vector<Eigen::Vector3d> path = {{1, 0, 0}, {1.1, 0, 0}};
  const Moment moment = After(backwards, path);
  const auto marks = VelocityDisplay(Asks::kVelocity).Marks(moment);
  const Mark goal = Find(marks, Mark::Role::kGoal), achieved = Find(marks, Mark::Role::kAchieved);
  EXPECT_EQ(goal.shape, Mark::Shape::kArrow);
  EXPECT_NEAR(goal.end.x() - goal.place.x(), -0.45 * 2, 1e-12);
  EXPECT_NEAR(achieved.end.x() - achieved.place.x(), 0.45 * 1, 1e-12);
  EXPECT_GT(achieved.place.z(), moment.top);
  EXPECT_GT(goal.place.z(), achieved.place.z());
  // One metre of the ruler is where the body is.
  EXPECT_EQ(std::ranges::count(marks, "1 m", &Mark::label), 1);

  const auto direction = VelocityDisplay(Asks::kDirection).Marks(moment);
  EXPECT_LT(Find(direction, Mark::Role::kGoal).end.x(), path.back().x());
  const auto readings = VelocityDisplay(Asks::kDirection).Readings(moment);
  ASSERT_EQ(readings.size(), 1U);
  EXPECT_EQ(readings[0].name, "velocity");
  EXPECT_NEAR(readings[0].value, 1, 1e-12);
}

TEST_F(Displays, APointIsADiscOnTheFloorOrABallAboveIt) {
  const Vector task = Eigen::Vector3d(3, 4, 5);
  const std::vector<Eigen::Vector3d> path = {{0, 0, 1}, {0, 0, 2}, {0, 0, 3}};
  const Moment moment = After(task, path);
  const PointDisplay floor({}, {.rows = {0, 1}, .part = {}});
  const auto marks = floor.Marks(moment);
  EXPECT_EQ(Find(marks, Mark::Role::kGoal).shape, Mark::Shape::kDisc);
  EXPECT_EQ(marks.size(), 1 + 2U) << "and a trail of two pieces";
  EXPECT_EQ(marks.back().end, path.back());
  EXPECT_DOUBLE_EQ(floor.Readings(moment)[0].value, 5) << "height does not count";
  const PointDisplay above({}, {.rows = {0, 1, 2}, .part = {}});
  const Mark ball = Find(above.Marks(moment), Mark::Role::kGoal);
  EXPECT_EQ(ball.shape, Mark::Shape::kBall);
  EXPECT_EQ(ball.place, Eigen::Vector3d(3, 4, 5));
}

// Every family has a display, and what it follows is part of its body.
TEST_F(Displays, EveryFamilyHasOne) {
  for (const std::string& name : EveryFamilyName()) {
    const auto family = MakeFamily(name);
    const DataPtr data = MakeData(family->model());
    mj_fwdPosition(&family->model(), data.get());
    const TaskDisplay& display = *family->spec().display;
    const Vector task = SampleTasks(*family, 1, Phase::kTrain, {.count = 1}).col(0);
    const std::vector<Eigen::Vector3d> path = {display.followed().Place(*data)};
    const Moment moment{.task = task,
                        .model = family->model(),
                        .data = *data,
                        .path = path,
                        .control_dt = family->spec().control_dt,
                        .top = 1};
    for (const Mark& mark : display.Marks(moment)) {
      EXPECT_TRUE(mark.place.allFinite() && mark.end.allFinite()) << name;
    }
    for (const Reading& reading : display.Readings(moment)) EXPECT_NE(reading.name, "") << name;
  }
}

}  // namespace
}  // namespace anole
