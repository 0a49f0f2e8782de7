// What terms remember within an episode of a robot, and what is seen late.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "envs/stage.h"
#include "tests/envs/robot_walker.h"

namespace anole {
namespace {

class RobotEpisodeTest : public RobotWalkerTest {};

// The ball falls for a while, and touches down.
TEST_F(RobotEpisodeTest, TimeInTheAirIsPaidAtTouchDown) {
  const auto family = Make(WalkerTask(R"([[observation]]
term = "air_time"
bodies = "foot"
with = "world"
[[observation]]
term = "contact"
bodies = "foot"
[[reward]]
term = "air_time"
bodies = "foot"
wanted = 0.05
)"));
  Stage stage(*family);
  stage.Reset(Vector(), {});
  double in_air = 0;
  int touch_downs = 0;
  for (int t = 0; t < 60; ++t) {
    const double reward = stage.Step(Vector::Zero(1)).reward;
    const Vector seen = stage.Observe();
    if (seen[1] == 0) {
      in_air += 0.02;
      EXPECT_NEAR(seen[0], in_air, 1e-12);
      EXPECT_EQ(reward, 0);
    } else {
      EXPECT_EQ(seen[0], 0);
      EXPECT_NEAR(reward, in_air > 0 ? in_air - 0.05 : 0, 1e-12);
      touch_downs += in_air > 0;
      in_air = 0;
    }
  }
  EXPECT_GE(touch_downs, 1);
}

TEST_F(RobotEpisodeTest, ObservationsMayBeOldAndSideBySide) {
  const auto family = Make(WalkerTask(R"([[observation]]
term = "body_position"
body = "trunk"
axes = "z"
history = 3
delay = 2
[[observation]]
term = "body_position"
body = "trunk"
axes = "z"
[[reward]]
term = "alive"
)"));
  ASSERT_EQ(family->spec().observation_dim, 4);
  EXPECT_EQ(family->spec().observations[0].size, 3);
  Stage stage(*family);
  for (int episode = 0; episode < 2; ++episode) {
    stage.Reset(Vector(), {});
    std::vector<double> heights;
    for (int t = 0; t < 8; ++t) {
      const Vector seen = stage.Observe();
      heights.push_back(seen[3]);
      EXPECT_EQ(stage.Observe(), seen) << "looking twice makes nothing older";
      for (int k = 0; k < 3; ++k) {
        EXPECT_EQ(seen[k], heights[static_cast<std::size_t>(std::max(t - 2 - k, 0))]) << t << k;
      }
      stage.Step(Vector::Zero(1));
    }
  }
}

TEST_F(RobotEpisodeTest, ZerosMayStandForWhatWasBefore) {
  const std::string height =
      "[[observation]]\nterm = \"body_position\"\nbody = \"trunk\"\naxes = "
      "\"z\"\n";
  const std::string alive = "[[reward]]\nterm = \"alive\"\n";
  const auto family = Make(WalkerTask(height + "history = 2\ndelay = 1\npadding = \"zero\"\n" +
                                      height + "history = 2\n" + alive));
  EXPECT_TRUE(family->spec().observations[0].zero_padding);
  EXPECT_FALSE(family->spec().observations[1].zero_padding);
  Stage stage(*family);
  for (int episode = 0; episode < 2; ++episode) {  // nothing is left of the one before
    stage.Reset(Vector(), {});
    std::vector<double> heights;
    for (std::size_t t = 0; t < 4; ++t) {
      const Vector seen = stage.Observe();
      EXPECT_EQ(stage.Observe(), seen);
      heights.push_back(seen[2]);
      EXPECT_NE(heights[t], 0);
      EXPECT_EQ(seen[0], t < 1 ? 0 : heights[t - 1]) << t;
      EXPECT_EQ(seen[1], t < 2 ? 0 : heights[t - 2]) << t;
      EXPECT_EQ(seen[3], heights[t < 1 ? 0 : t - 1]) << t;
      stage.Step(Vector::Zero(1));
    }
  }
  EXPECT_NE(ErrorOf(WalkerTask(height + "padding = \"zero\"\n" + alive))
                .find("without history or delay nothing is seen"),
            std::string::npos);
}

TEST_F(RobotEpisodeTest, DelaysOfObservationsMayBeDrawn) {
  const auto family = Make(WalkerTask(R"([[observation]]
term = "body_position"
body = "trunk"
axes = "z"
history = 2
delay = 1
delay_most = 3
[[observation]]
term = "body_position"
body = "trunk"
axes = "z"
[[reward]]
term = "alive"
)"));
  EXPECT_EQ(family->spec().observations[0].delay, 1);
  EXPECT_EQ(family->spec().observations[0].delay_most, 3);
  Stage stage(*family);
  std::vector<int> episodes(4, 0);  // of each delay
  for (int episode = 0; episode < 60; ++episode) {
    stage.Reset(Vector(), {.rollout = episode});
    std::vector<double> heights;
    std::vector<bool> fits(5, true);
    for (int t = 0; t < 8; ++t) {
      const Vector seen = stage.Observe();
      heights.push_back(seen[2]);
      for (int delay = 0; delay < 5; ++delay) {
        for (int k = 0; k < 2; ++k) {
          const auto then = static_cast<std::size_t>(std::max(t - delay - k, 0));
          if (seen[k] != heights[then]) fits[static_cast<std::size_t>(delay)] = false;
        }
      }
      stage.Step(Vector::Zero(1));
    }
    const auto delay = std::ranges::find(fits, true) - fits.begin();
    ASSERT_EQ(std::ranges::count(fits, true), 1);
    ++episodes.at(static_cast<std::size_t>(delay));
  }
  EXPECT_EQ(episodes[0], 0);
  for (int delay = 1; delay <= 3; ++delay) {
    EXPECT_GT(episodes[static_cast<std::size_t>(delay)], 8) << delay;
  }
  EXPECT_NE(ErrorOf(WalkerTask("[[observation]]\nterm = \"joint_positions\"\ndelay = 3\n"
                               "delay_most = 2\n[[reward]]\nterm = \"alive\"\n"))
                .find("delay_most = 2: must be at least delay, which is 3"),
            std::string::npos);
}

// What one term looks at does not change what another one says.
TEST_F(RobotEpisodeTest, ForcesAreThoseOfTheStepWhoeverLooks) {
  const std::string rewards = "[[reward]]\nterm = \"torque\"\n[[reward]]\nterm = \"power\"\n";
  const auto plain = Make(WalkerTask("[[observation]]\nterm = \"joint_positions\"\n" + rewards));
  const auto looking =
      Make(WalkerTask("[[observation]]\nterm = \"sensor\"\nsensor = \"acceleration\"\n" + rewards));
  Stage one(*plain), other(*looking);
  one.Reset(Vector(), {});
  other.Reset(Vector(), {});
  one.Step(Vector::Constant(1, 0.8));
  other.Step(Vector::Constant(1, 0.8));
  EXPECT_EQ(one.reward_terms(), other.reward_terms());
}

// A target that is drawn anew is no progress.
TEST_F(RobotEpisodeTest, ProgressIsOfTheBodyNotOfItsTarget) {
  const auto family = Make(WalkerTask(R"([[command]]
name = "place"
per = "episode"
every = 0.02
range = [-5, 5]
[[command]]
name = "told"
range = [0, 1]
[[observation]]
term = "command"
command = "place"
[[reward]]
term = "progress"
of = "foot"
target = "place"
[[success]]
term = "sensor"
sensor = "torque"
range = [-9, 9]
when = "told"
when_range = [2, 3]
)"));
  Stage stage(*family);
  stage.Reset(Vector::Constant(1, 0.5), {});
  for (int t = 0; t < 10; ++t) {
    const Outcome outcome = stage.Step(Vector::Zero(1));
    EXPECT_NEAR(outcome.reward, 0, 1e-3) << "the ball falls straight down";
    EXPECT_FALSE(outcome.success) << "its condition never applies";
  }
  EXPECT_NE(ErrorOf(WalkerTask(std::string(kPlain) + "[[reward]]\nterm = \"success\"\n"))
                .find("there is no [[success]]"),
            std::string::npos);
}

TEST_F(RobotEpisodeTest, WhatIsPutElsewhereIsNoProgress) {
  std::string model = kWalker;
  model.replace(model.find("</worldbody>"), 0,
                "<body name=\"goal\" mocap=\"true\"><site name=\"mark\"/></body>");
  Write("robot.xml", model);
  for (const std::string moved : {"goal", "foot"}) {
    SCOPED_TRACE(moved);
    const auto family = Make(WalkerTask("[[place]]\nof = \"" + moved + R"("
per = "episode"
every = 0.02
x = [-5, 5]
[[observation]]
term = "joint_positions"
[[reward]]
term = "progress"
of = "foot"
target = "mark"
)"));
    Stage stage(*family);
    stage.Reset(Vector(), {});
    for (int t = 0; t < 10; ++t) {
      EXPECT_NEAR(stage.Step(Vector::Zero(1)).reward, 0, 0.05) << "it falls, but not far";
    }
  }
}

TEST_F(RobotEpisodeTest, NoiseMayBeUniformAndABaseMayMove) {
  std::string text = WalkerTask(R"([[observation]]
term = "body_position"
body = "trunk"
axes = "z"
noise = 0.5
noise_kind = "uniform"
[[observation]]
term = "joint_velocities"
[[reward]]
term = "alive"
)");
  text.replace(text.find("horizon"), 0, "base_velocity_noise = 0.3\n");
  const auto family = Make(text);
  Stage stage(*family);
  double farthest = 0, fastest = 0;
  for (std::int64_t rollout = 0; rollout < 50; ++rollout) {
    stage.Reset(Vector(), {.rollout = rollout});
    const Vector seen = stage.Observe();
    EXPECT_LE(std::abs(seen[0] - 2), 0.5);
    farthest = std::max(farthest, std::abs(seen[0] - 2));
    EXPECT_EQ(seen[1], 0) << "the joint is at rest";
    for (int i = 0; i < 6; ++i) {
      EXPECT_LE(std::abs(stage.data().qvel[i]), 0.3);
      fastest = std::max(fastest, std::abs(stage.data().qvel[i]));
    }
    for (int i = 6; i < stage.model().nv; ++i) EXPECT_EQ(stage.data().qvel[i], 0);
  }
  EXPECT_GT(farthest, 0.4);
  EXPECT_GT(fastest, 0.25);
}

// The state as MuJoCo itself makes all that derives from it.
DataPtr Forward(const Stage& stage) {
  DataPtr data = MakeData(stage.model());
  mj_copyData(data.get(), &stage.model(), &stage.data());
  mj_forward(&stage.model(), data.get());
  return data;
}

TEST_F(RobotEpisodeTest, SensorsOfForceAreOfNow) {
  const auto family = Make(WalkerTask(R"([[observation]]
term = "sensor"
sensor = "torque"
[[observation]]
term = "sensor"
sensor = "acceleration"
[[reward]]
term = "alive"
)"));
  Stage stage(*family);
  stage.Reset(Vector(), {});
  for (const double action : {0.5, -0.25, 1.0}) {
    stage.Step(Vector::Constant(1, action));
    const Vector seen = stage.Observe();
    EXPECT_EQ(seen[0], action);
    const DataPtr data = Forward(stage);
    for (int i = 0; i < 3; ++i) EXPECT_NEAR(seen[1 + i], data->sensordata[i], 1e-6);
  }
}

TEST_F(RobotEpisodeTest, SensorsOfForceAreOfNowWhereABodyIsPutAnew) {
  const auto family = Make(WalkerTask(R"([[place]]
of = "trunk"
per = "episode"
z = [0.2, 3]
every = 0.04
[[observation]]
term = "sensor"
sensor = "acceleration"
[[reward]]
term = "alive"
)"));
  Stage stage(*family);
  stage.Reset(Vector(), {});
  for (int t = 0; t < 8; ++t) {
    stage.Step(Vector::Zero(1));
    const Vector seen = stage.Observe();
    const DataPtr data = Forward(stage);
    for (int i = 0; i < 3; ++i) EXPECT_NEAR(seen[i], data->sensordata[i], 1e-6);
  }
}

TEST_F(RobotEpisodeTest, ProgressApproachAndSuccessAreOfTheWayThatIsLeft) {
  const auto family = Make(WalkerTask(R"([[observation]]
term = "way"
of = "foot"
target = "nose"
[[observation]]
term = "body_orientation"
body = "foot"
[[reward]]
term = "progress"
of = "foot"
target = "nose"
[[reward]]
term = "approach"
of = "foot"
target = "nose"
within = 0.1
[[reward]]
term = "success"
weight = 3
[[reward]]
term = "joint_acceleration"
joints = "hip"
weight = 0.5
[[success]]
term = "sensor"
sensor = "torque"
range = [0.5, 9]
)"));
  Stage stage(*family);
  stage.Reset(Vector(), {});
  EXPECT_EQ(stage.Observe().tail<4>(), Vector(Eigen::Vector4d(1, 0, 0, 0)));
  const double start = stage.Observe().head<3>().norm();
  EXPECT_NEAR(start, std::hypot(0.8, 1.8), 1e-9);
  double before = start, speed = 0;
  for (const double action : {1.0, 0.1, 0.7}) {
    const Outcome outcome = stage.Step(Vector::Constant(1, action));
    const double way = stage.Observe().head<3>().norm();
    EXPECT_NEAR(stage.reward_terms()[0], before - way, 1e-12);
    const double share = std::max(way - 0.1, 0.0) / start;
    EXPECT_NEAR(stage.reward_terms()[1], 1 / (1 + 9 * share * share), 1e-12);
    EXPECT_EQ(outcome.success, action > 0.5);
    EXPECT_EQ(stage.reward_terms()[2], action > 0.5 ? 3 : 0);
    const double acceleration = (stage.data().qvel[6] - speed) / 0.02;
    EXPECT_NEAR(stage.reward_terms()[3], -0.5 * acceleration * acceleration, 1e-9);
    before = way;
    speed = stage.data().qvel[6];
  }
}

TEST_F(RobotEpisodeTest, AGaitIsOfHeightsThatAreAskedForInTurn) {
  const auto family = Make(WalkerTask(R"([[observation]]
term = "site_position"
site = "sole"
axes = "z"
[[reward]]
term = "gait"
sites = "sole"
period = 0.4
phases = [0.25]
height = 0.08
ground = 0.01
kernel = "exponential"
tolerance = 0.2
)"));
  Stage stage(*family);
  stage.Reset(Vector(), {});
  for (int t = 1; t < 30; ++t) {
    const double reward = stage.Step(Vector::Zero(1)).reward;
    const double phase = t * 0.02 / 0.4 - 0.25;
    const double wanted = 0.01 + 0.08 * std::max(std::sin(2 * M_PI * phase), 0.0);
    const double error = stage.Observe()[0] - wanted;
    EXPECT_NEAR(reward, std::exp(-error * error / 0.04), 1e-9) << t;
  }
  EXPECT_EQ(ErrorOf(WalkerTask("[[observation]]\nterm = \"joint_positions\"\n[[reward]]\nterm = "
                               "\"gait\"\nsites = \"sole, nose\"\nphases = [0.5]\n")),
            "task.toml:11:1: phases = [0.5]: must be 2 numbers, one for each site");
}

TEST_F(RobotEpisodeTest, WhatIsPrivilegedIsNoneOfThePolicys) {
  const std::string privileged = R"([[observation]]
term = "body_position"
body = "trunk"
axes = "z"
scale = 0.5
privileged = true
)";
  const auto family = Make(WalkerTask(privileged + kPlain));
  ASSERT_EQ(family->spec().observation_dim, 1);
  ASSERT_EQ(family->spec().privileged_dim, 1);
  ASSERT_EQ(family->spec().observations.size(), 1U);
  Stage stage(*family);
  stage.Reset(Vector(0), {});
  Vector observation(1), seen(1);
  stage.Observe(observation);
  stage.ObservePrivileged(seen);
  EXPECT_EQ(observation[0], 0);
  EXPECT_EQ(seen[0], 1);  // half of 2 m
  EXPECT_EQ(ErrorOf(WalkerTask(privileged + "[[reward]]\nterm = \"alive\"\n")),
            "task.toml:6:1: all observations are privileged, so the policy sees nothing");
  EXPECT_NE(ErrorOf(WalkerTask(privileged + "delay = 2\n" + kPlain)).find("delay"),
            std::string::npos);
}

}  // namespace
}  // namespace anole
