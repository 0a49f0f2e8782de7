// When the commands of an episode are drawn, and what they are then.
#include <cstdint>
#include <set>
#include <string>

#include "envs/stage.h"
#include "tests/envs/robot_walker.h"

namespace anole {
namespace {

class RobotCommandTest : public RobotWalkerTest {};

TEST_F(RobotCommandTest, CommandsAreDrawnAnewAndRewardWhatWasAskedFor) {
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
      "task.toml:9:1: every = 0.03: must be a multiple of the control step, 0.02 s, or 0");
  EXPECT_NE(ErrorOf(WalkerTask("[[command]]\nname = \"a\"\nper = \"episode\"\nrange = [0, 1]\n"
                               "test_range = [0, 2]\n" +
                               std::string(kPlain)))
                .find("test_range"),
            std::string::npos);
}

TEST_F(RobotCommandTest, CommandsMayBeDrawnAfterRandomTimes) {
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

TEST_F(RobotCommandTest, CommandsMayMoveOnAfterExponentialTimes) {
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
  // Times as short as a few control steps have the mean that is said, too.
  for (const int mean : {1, 2, 4}) {
    const auto often = Make(WalkerTask(
        "[[command]]\nname = \"a\"\nper = \"episode\"\nrange = [1, 2]\nevery = " +
        std::to_string(0.02 * mean) + "\ntimes = \"exponential\"\n" +
        "[[observation]]\nterm = \"command\"\ncommand = \"a\"\n[[reward]]\nterm = \"alive\"\n"));
    Stage brief(*often);
    int drawn = 0;
    for (std::int64_t rollout = 0; rollout < 200; ++rollout) {
      brief.Reset(Vector(), {.rollout = rollout});
      double asked = brief.Observe()[0];
      for (int t = 0; t < 60; ++t) {
        brief.Step(Vector::Zero(1));
        const double next = brief.Observe()[0];
        drawn += next != asked;
        asked = next;
      }
    }
    EXPECT_NEAR(drawn * mean / (200. * 60), 1, 0.05) << mean;
  }
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

}  // namespace
}  // namespace anole
