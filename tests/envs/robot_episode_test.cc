// What happens within an episode of a robot: commands drawn anew, pushes, what terms remember,
// what is seen late.
#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "envs/stage.h"
#include "tests/envs/robot_folder.h"

namespace anole {
namespace {

// A free trunk high above a floor, with a leg; and a ball that falls beside it.
constexpr const char* kWalker = R"(<mujoco>
  <option timestep="0.005"/>
  <worldbody>
    <geom name="floor" type="plane" size="9 9 .1"/>
    <body name="trunk" pos="0 0 2">
      <freejoint/>
      <geom type="box" size=".2 .1 .05" mass="2"/>
      <site name="nose" pos=".2 0 0"/>
      <body name="leg" pos=".1 0 0">
        <joint name="hip" axis="0 1 0" armature=".01" damping="1"/>
        <geom type="capsule" fromto="0 0 0 0 0 -.3" size=".03" mass=".3"/>
      </body>
    </body>
    <body name="foot" pos="1 0 .2"><freejoint/><geom type="sphere" size=".05" mass=".1"/>
      <site name="sole" pos="0 0 -.05"/></body>
  </worldbody>
  <actuator><motor name="hip" joint="hip" gear="2" ctrlrange="-1 1"/></actuator>
  <sensor>
    <accelerometer name="acceleration" site="nose"/>
    <actuatorfrc name="torque" actuator="hip"/>
  </sensor>
</mujoco>)";

std::string WalkerTask(const std::string& more) {
  return R"([robot]
model = "robot.xml"
control_dt = 0.02
horizon = 100
[[action]]
)" + more;
}

class RobotEpisodeTest : public RobotFolderTest {
 protected:
  RobotEpisodeTest() { Write("robot.xml", kWalker); }
};

constexpr const char* kPlain = R"([[observation]]
term = "joint_positions"
[[reward]]
term = "alive"
)";

TEST_F(RobotEpisodeTest, CommandsAreDrawnAnewAndRewardWhatWasAskedFor) {
  const auto family = Make(WalkerTask(R"([[command]]
name = "speed"
per = "episode"
every = 0.1
zero_share = 0.3
range = [1, 2]
[[command]]
name = "turn"
per = "episode"
every = 0.1
zero_share = 0.3
range = [-4, -3]
[[command]]
name = "height"
range = [5, 6]
[[observation]]
term = "command"
command = "speed"
[[observation]]
term = "command"
command = "turn"
[[observation]]
term = "command"
command = "height"
[[reward]]
term = "alive"
[[reward]]
term = "alive"
name = "still"
when = "speed, turn"
when_range = [0, 0.1]
)"));
  ASSERT_EQ(family->spec().task_parameters.size(), 1U) << "only what is per task";
  EXPECT_EQ(family->spec().task_parameters[0].name, "height");
  Stage stage(*family);
  std::set<double> speeds;
  int zeros = 0, draws = 0;
  for (std::int64_t rollout = 0; rollout < 20; ++rollout) {
    stage.Reset(Vector::Constant(1, 5.5), {.rollout = rollout});
    Vector asked = stage.Observe();
    for (int t = 0; t < 20; ++t) {
      if (t % 5 == 0) {
        ++draws;
        speeds.insert(asked[0]);
        zeros += asked[0] == 0;
        EXPECT_TRUE(asked[0] == 0 || (1 <= asked[0] && asked[0] <= 2)) << asked[0];
      }
      EXPECT_EQ(asked[2], 5.5);
      EXPECT_EQ(asked[0] == 0, asked[1] == 0) << "one draw decides for both";
      stage.Step(Vector::Zero(1));
      EXPECT_EQ(stage.reward_terms()[1], asked[0] == 0 ? 1 : 0);
      const Vector next = stage.Observe();
      if ((t + 1) % 5 != 0) {
        EXPECT_EQ(next, asked);
      }
      asked = next;
    }
  }
  EXPECT_NEAR(static_cast<double>(zeros) / draws, 0.3, 0.15);
  EXPECT_EQ(static_cast<int>(speeds.size()), draws - zeros + 1);
  EXPECT_EQ(
      ErrorOf(WalkerTask("[[command]]\nname = \"a\"\nper = \"episode\"\nevery = 0.03\nrange = "
                         "[0, 1]\n" +
                         std::string(kPlain))),
      "task.toml:9:1: every = 0.03: must be a multiple of the control step, or 0");
  EXPECT_NE(ErrorOf(WalkerTask("[[command]]\nname = \"a\"\nper = \"episode\"\nrange = [0, 1]\n"
                               "test_range = [0, 2]\n" +
                               std::string(kPlain)))
                .find("test_range"),
            std::string::npos);
}

TEST_F(RobotEpisodeTest, CommandsMayBeDrawnAfterRandomTimes) {
  const auto command = [](const std::string& name, const std::string& times) {
    return "[[command]]\nname = \"" + name + "\"\nper = \"episode\"\nrange = [1, 2]\n" + times;
  };
  const auto seen = [](const std::string& name) {
    return "[[observation]]\nterm = \"command\"\ncommand = \"" + name + "\"\n";
  };
  const std::string random = "every = 0.06\nevery_most = 0.12\n";
  const auto family = Make(WalkerTask(command("a", random) + command("b", random) +
                                      command("c", "every = 0.08\nevery_most = 0.2\n") + seen("a") +
                                      seen("b") + seen("c") + "[[reward]]\nterm = \"alive\"\n"));
  Stage stage(*family);
  std::set<int> pauses, firsts;
  bool own = false;
  for (std::int64_t rollout = 0; rollout < 20; ++rollout) {
    stage.Reset(Vector(), {.rollout = rollout});
    Vector asked = stage.Observe();
    int last = 0;
    for (int t = 1; t <= 60; ++t) {
      stage.Step(Vector::Zero(1));
      const Vector next = stage.Observe();
      EXPECT_EQ(next[0] == asked[0], next[1] == asked[1]) << "of the same times: together";
      own |= (next[0] == asked[0]) != (next[2] == asked[2]);
      if (next[0] != asked[0]) {
        if (last == 0) firsts.insert(t);
        pauses.insert(t - last);
        last = t;
      }
      asked = next;
    }
  }
  EXPECT_EQ(pauses, (std::set<int>{3, 4, 5, 6}));
  EXPECT_GT(firsts.size(), 1U) << "from the first one on";
  EXPECT_TRUE(own);
  EXPECT_NE(ErrorOf(WalkerTask(command("a", "every = 0.06\nevery_most = 0.04\n") + kPlain))
                .find("every_most = 0.04: is less than every"),
            std::string::npos);
  EXPECT_NE(ErrorOf(WalkerTask(command("a", "every_most = 0.04\n") + kPlain))
                .find("every_most = 0.04: without every"),
            std::string::npos);
}

TEST_F(RobotEpisodeTest, CommandsMayMoveOnAfterExponentialTimes) {
  const auto command = [](const std::string& name, const std::string& rest) {
    return "[[command]]\nname = \"" + name + "\"\nper = \"episode\"\nrange = [1, 2]\n" +
           "every = 0.2\ntimes = \"exponential\"\n" + rest;
  };
  const std::string apart =
      "zero_share = 0.4\nzero_apart = true\nzero_first = false\n"
      "keep_share = 0.3\n";
  const auto family = Make(WalkerTask(
      command("a", apart) + command("b", apart) +
      "[[observation]]\nterm = \"command\"\ncommand = \"a\"\n" +
      "[[observation]]\nterm = \"command\"\ncommand = \"b\"\n[[reward]]\nterm = \"alive\"\n"));
  Stage stage(*family);
  int zeros = 0, alone = 0, changes = 0, both = 0, steps = 0;
  for (std::int64_t rollout = 0; rollout < 200; ++rollout) {
    stage.Reset(Vector(), {.rollout = rollout});
    Vector asked = stage.Observe();
    EXPECT_GT(asked.minCoeff(), 0) << "the first one";
    for (int t = 1; t <= 60; ++t) {
      stage.Step(Vector::Zero(1));
      const Vector next = stage.Observe();
      const bool a = next[0] != asked[0], b = next[1] != asked[1];
      ++steps;
      changes += a;
      both += a && b;
      zeros += a && next[0] == 0;
      alone += a && b && (next[0] == 0) != (next[1] == 0);
      asked = next;
    }
  }
  // A draw every 10 steps, of which 30 % leave it and few make a zero of a zero: q is the share
  // that are zeros, q = .3 q + .7 * .4; one that is kept beside one that changes is no change of
  // both.
  const double draws = steps / 10.0, stay = 0.3 + 0.7 * 0.4 * 0.4;
  EXPECT_NEAR(changes / draws, 1 - stay, 0.08);
  EXPECT_NEAR(static_cast<double>(zeros) / changes, 0.7 * 0.4 * 0.6 / (1 - stay), 0.06);
  EXPECT_NEAR(both / draws, (1 - stay) * (1 - stay), 0.06);
  EXPECT_GT(alone, 50) << "each zero by itself";
  const std::string plain(kPlain), one =
                                       "[[command]]\nname = \"a\"\nper = \"episode\"\n"
                                       "range = [0, 1]\n";
  EXPECT_NE(ErrorOf(WalkerTask(one + "times = \"exponential\"\n" + plain))
                .find("times = \"exponential\": without every, the mean time"),
            std::string::npos);
  EXPECT_NE(ErrorOf(WalkerTask(one + "keep_share = 0.5\n" + plain))
                .find("keep_share = 0.5: without every"),
            std::string::npos);
  EXPECT_NE(ErrorOf(WalkerTask(command("a", "every_most = 1\n") + plain)).find("every_most = 1"),
            std::string::npos);
}

TEST_F(RobotEpisodeTest, AForceGivesTheVelocityOfAPushOverSomeTime) {
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

TEST_F(RobotEpisodeTest, PushesOfAnEpisodeMayBeAlike) {
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

TEST_F(RobotEpisodeTest, PushesMayLiftSpinAndKeepTheirTime) {
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

TEST_F(RobotEpisodeTest, PushesAddAVelocityNowAndThen) {
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
    const DataPtr data = MakeData(stage.model());
    mj_copyData(data.get(), &stage.model(), &stage.data());
    mj_forward(&stage.model(), data.get());
    for (int i = 0; i < 3; ++i) EXPECT_NEAR(seen[1 + i], data->sensordata[i], 1e-6);
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
