// Pushes of an episode, at once and by a force.
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "envs/stage.h"
#include "tests/envs/robot_walker.h"

namespace anole {
namespace {

class RobotPushTest : public RobotWalkerTest {};

TEST_F(RobotPushTest, AForceGivesTheVelocityOfAPushOverSomeTime) {
  const auto family = Make(WalkerTask(std::string(kPlain) + R"([[push]]
body = "trunk"
every = [0.06, 0.06]
duration = [0.2, 0.2]
speed = [0.5, 0.5]
lift = 0.4
steady = true
[[push]]
body = "trunk"
every = [5, 5]
duration = [1, 1]
speed = [0, 0]
)"));
  const auto calm = Make(WalkerTask(kPlain));
  Stage stage(*family), other(*calm);
  for (std::int64_t rollout = 0; rollout < 5; ++rollout) {
    stage.Reset(Vector(), {.rollout = rollout});
    other.Reset(Vector(), {.rollout = rollout});
    const auto momentum = [](Stage& of) {
      const mjModel& model = of.family().model();
      mj_subtreeVel(&model, &of.data());
      return Eigen::Vector3d(of.data().subtree_linvel + 3);  // of the trunk's tree, body 1
    };
    const auto force = [&] { return Eigen::Vector3d(stage.data().xfrc_applied + 6); };
    std::vector<double> forces;
    for (int t = 0; t < 13; ++t) {
      stage.Step(Vector::Zero(1));
      other.Step(Vector::Zero(1));
      forces.push_back(force().norm());
    }
    EXPECT_EQ(forces[2], 0) << "before it";
    for (int i = 0; i < 10; ++i) EXPECT_NEAR(forces[3 + i], forces[12 - i], 1e-9) << "half a sine";
    EXPECT_GT(forces[7], 5 * forces[3]);
    const Eigen::Vector3d gained = momentum(stage) - momentum(other);
    EXPECT_NEAR(gained.head<2>().norm(), 0.5, 0.01);
    EXPECT_LT(std::abs(gained.z()), 0.41);
    EXPECT_GT(std::abs(gained.z()), 1e-6);
    stage.Step(Vector::Zero(1));
    EXPECT_EQ(force().norm(), 0) << "after it";
    stage.Step(Vector::Zero(1));
    stage.Step(Vector::Zero(1));
    EXPECT_EQ(force().norm(), 0) << "the pause begins at its end";
    stage.Step(Vector::Zero(1));
    EXPECT_NEAR(force().head<2>().norm(), 2.3 * 0.5 / 0.02 * std::pow(std::sin(M_PI / 20), 2),
                1e-9);
    stage.Reset(Vector(), {.rollout = rollout});
    EXPECT_EQ(force().norm(), 0);
  }
  EXPECT_NE(ErrorOf(WalkerTask(std::string(kPlain) +
                               "[[push]]\nbody = \"trunk\"\nevery = [1, 2]\nspeed = [0, 1]\n"
                               "duration = [0.1, 0.2]\nspin = 1\n"))
                .find("spin = 1: is of pushes at once"),
            std::string::npos);
}

TEST_F(RobotPushTest, TheTimeMayCountFromTheBeginningOfTheOneBefore) {
  const std::string push = R"([[push]]
body = "trunk"
every = [0.2, 0.2]
duration = [0.1, 0.1]
speed = [1, 1]
from_begin = true
)";
  const auto family = Make(WalkerTask(kPlain + push));
  Stage stage(*family);
  stage.Reset(Vector(), {});
  for (int t = 0; t < 40; ++t) {
    stage.Step(Vector::Zero(1));
    const bool pushed = Eigen::Vector3d(stage.data().xfrc_applied + 6).norm() > 0;
    EXPECT_EQ(pushed, t >= 10 && t % 10 < 5) << t;
  }
  std::string longer = push;
  longer.replace(longer.find("[0.1, 0.1]"), 10, "[0.1, 0.3]");
  EXPECT_NE(ErrorOf(WalkerTask(kPlain + longer)).find("may last longer"), std::string::npos);
}

TEST_F(RobotPushTest, PushesOfAnEpisodeMayBeAlike) {
  const auto peaks = [&](const std::string& more, std::int64_t rollout) {
    const auto family = Make(WalkerTask(std::string(kPlain) +
                                        "[[push]]\nbody = \"trunk\"\nevery = [0.06, 0.2]\n"
                                        "speed = [0.1, 0.9]\nduration = [0.04, 0.2]\n" +
                                        more));
    Stage stage(*family);
    stage.Reset(Vector(), {.rollout = rollout});
    std::set<std::int64_t> found;  // impulses and lengths
    double sum = 0;
    int length = 0;
    for (int t = 0; t < 90; ++t) {
      stage.Step(Vector::Zero(1));
      const double force = Eigen::Vector3d(stage.data().xfrc_applied + 6).norm();
      if (force == 0 && length > 0) {
        found.insert(1000 * std::llround(1e6 * sum) + length);
        sum = 0;
        length = 0;
      }
      sum += force;
      length += force > 0;
    }
    return found;
  };
  std::set<std::int64_t> all;
  for (std::int64_t rollout = 0; rollout < 5; ++rollout) {
    const auto found = peaks("alike = true\n", rollout);
    EXPECT_EQ(found.size(), 1U);
    all.insert(found.begin(), found.end());
    EXPECT_GT(peaks("", rollout).size(), 2U);
  }
  EXPECT_EQ(all.size(), 5U) << "and those of others differ";
}

TEST_F(RobotPushTest, PushesMayLiftSpinAndKeepTheirTime) {
  const auto family = Make(WalkerTask(std::string(kPlain) + R"([[push]]
body = "foot"
every = [0.06, 0.2]
steady = true
speed = [0, 0]
lift = 2
spin = 3
)"));
  Stage stage(*family);
  std::set<int> pauses;
  for (std::int64_t rollout = 0; rollout < 20; ++rollout) {
    stage.Reset(Vector(), {.rollout = rollout});
    const mjtNum* const velocity = stage.data().qvel + 7;  // after the trunk's and the hip's
    Eigen::Vector3d spun(0, 0, 0);
    std::set<int> own;
    int last = 0;
    for (int t = 1; t <= 40; ++t) {
      const double z = velocity[2];
      stage.data().qpos[8 + 2] = 2;  // in the air, where nothing else turns it
      stage.Step(Vector::Zero(1));
      const Eigen::Vector3d spin(velocity + 3);
      if ((spin - spun).norm() > 1e-6) {
        EXPECT_NE(velocity[2], z - 9.81 * 0.02);
        EXPECT_LT((spin - spun).cwiseAbs().maxCoeff(), 3.1);
        if (last > 0) own.insert(t - last);
        last = t;
      }
      spun = spin;
    }
    ASSERT_FALSE(own.empty());
    EXPECT_LE(*own.rbegin() - *own.begin(), 1) << "but for the control step";
    pauses.insert(own.begin(), own.end());
  }
  EXPECT_GT(pauses.size(), 3U);
}

TEST_F(RobotPushTest, PushesAddAVelocityNowAndThen) {
  const auto family = Make(WalkerTask(std::string(kPlain) + R"([[push]]
body = "trunk"
every = [0.1, 0.3]
speed = [0.5, 1]
)"));
  const auto calm = Make(WalkerTask(kPlain));
  Stage stage(*family), other(*calm);
  stage.Reset(Vector(), {});
  other.Reset(Vector(), {});
  int pushes = 0;
  Eigen::Vector2d before(0, 0);
  for (int t = 0; t < 30; ++t) {  // not yet fallen to the floor
    stage.Step(Vector::Zero(1));
    other.Step(Vector::Zero(1));
    const Eigen::Vector2d velocity(stage.data().qvel[0], stage.data().qvel[1]);
    const double change = (velocity - before).norm();
    if (change > 0.1) {
      ++pushes;
      EXPECT_GT(change, 0.4) << t;
      EXPECT_LT(change, 1.1) << t;
    }
    before = velocity;
  }
  EXPECT_GE(pushes, 2);
  EXPECT_LE(pushes, 6);
  EXPECT_NE(stage.data().qpos[0], other.data().qpos[0]);
  EXPECT_EQ(
      ErrorOf(WalkerTask(std::string(kPlain) +
                         "[[push]]\nbody = \"leg\"\nevery = [1, 2]\nspeed = [0, 1]\n")),
      "task.toml:11:1: body = \"leg\": has no <freejoint>: what is held cannot be pushed away");
}

}  // namespace
}  // namespace anole
