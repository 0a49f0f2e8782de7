// What is drawn in each episode, and weights, grow while training goes on.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "envs/stage.h"
#include "tests/envs/robot_walker.h"

namespace anole {
namespace {

class RobotGrowthTest : public RobotWalkerTest {};

constexpr const char* kGrowing = R"([[command]]
name = "speed"
per = "episode"
range = [0, 4]
start_range = [0, 1]
growth_iterations = 10
[[place]]
of = "foot"
per = "episode"
relative = true
x = [-2, 2]
start_x = [0, 0]
growth_iterations = 10
[[observation]]
term = "command"
command = "speed"
[[reward]]
term = "alive"
weight = 3
start_weight = 1
growth_iterations = 20
[[randomize]]
field = "mass"
target = "trunk"
per = "episode"
range = [1, 5]
start_range = [1, 1]
growth_iterations = 10
[[latency]]
range = [0, 0.02]
start_range = [0, 0]
growth_iterations = 10
[[push]]
body = "trunk"
every = [0.02, 0.02]
speed = [0, 8]
start_speed = [0, 0]
growth_iterations = 10
)";

// The largest of each that many episodes of an iteration have.
struct Extent {
  double speed = 0, place = 0, mass = 0, pushed = 0, weight = 0;
};

Extent ExtentIn(std::int64_t iteration, const TaskFamily& family) {
  Stage stage(family);
  Extent extent;
  for (std::int64_t rollout = 0; rollout < 300; ++rollout) {
    stage.Reset(Vector(), {.iteration = 3, .rollout = rollout}, iteration);
    extent.speed = std::max(extent.speed, stage.Observe()[0]);
    const mjtNum* const ball = stage.data().qpos + stage.model().jnt_qposadr[2];
    extent.place = std::max(extent.place, std::abs(ball[0] - 1));
    extent.mass = std::max(extent.mass, stage.model().body_mass[1] / 2);
    for (int t = 0; t < 2; ++t) stage.Step(Vector::Zero(1));
    extent.weight = stage.reward_terms()[0];
    const mjtNum* const moves = stage.data().qvel;
    extent.pushed = std::max(extent.pushed, std::hypot(moves[0], moves[1]));
  }
  return extent;
}

TEST_F(RobotGrowthTest, WhatIsOfEpisodesGrowsWithTheIterationsOfTraining) {
  const auto family = Make(WalkerTask(kGrowing));
  const Extent first = ExtentIn(0, *family);
  EXPECT_NEAR(first.speed, 1, 0.03);
  EXPECT_EQ(first.place, 0);
  EXPECT_NEAR(first.mass, 1, 1e-12);
  EXPECT_LT(first.pushed, 1e-6);
  EXPECT_EQ(first.weight, 1);
  const Extent middle = ExtentIn(5, *family);
  EXPECT_NEAR(middle.speed, 2.5, 0.05);
  EXPECT_NEAR(middle.place, 1, 0.05);
  EXPECT_NEAR(middle.mass, 3, 0.05);
  EXPECT_NEAR(middle.pushed, 4, 0.2);
  EXPECT_EQ(middle.weight, 1.5);
  for (const std::int64_t iteration : {std::int64_t{20}, std::int64_t{1000}, kGrown}) {
    const Extent whole = ExtentIn(iteration, *family);
    EXPECT_NEAR(whole.speed, 4, 0.1);
    EXPECT_NEAR(whole.place, 2, 0.1);
    EXPECT_NEAR(whole.mass, 5, 0.1);
    EXPECT_NEAR(whole.pushed, 8, 0.4);
    EXPECT_EQ(whole.weight, 3);
  }
}

TEST_F(RobotGrowthTest, WhatCannotGrowIsToldByItsOption) {
  const auto error = [&](const std::string& section) {
    return ErrorOf(WalkerTask(kPlain + section));
  };
  const std::string command = "[[command]]\nname = \"a\"\nrange = [0, 1]\nstart_range = [0, 0]\n";
  EXPECT_NE(error(command + "per = \"episode\"\n")
                .find("growth_iterations: must be set: how soon start_range becomes range"),
            std::string::npos);
  EXPECT_NE(error(command).find("growth_tasks: must be set"), std::string::npos);
  EXPECT_NE(error(command + "growth_iterations = 5\n").find("growth_iterations"),
            std::string::npos);
  const std::string push = "[[push]]\nbody = \"trunk\"\nevery = [1, 1]\nspeed = [1, 2]\n";
  EXPECT_NE(error(push + "start_speed = [0, 1]\ngrowth_iterations = 5\n")
                .find("start_speed = [0, 1]: must lie within speed"),
            std::string::npos);
  EXPECT_NE(error("[[reward]]\nterm = \"action_rate\"\nstart_weight = 1\n").find("start_weight"),
            std::string::npos);
}

}  // namespace
}  // namespace anole
