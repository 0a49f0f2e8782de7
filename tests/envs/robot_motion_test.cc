// Motions from files: read, followed by terms, begun with.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

#include "envs/robot/motion_table.h"
#include "envs/stage.h"
#include "tests/envs/robot_walker.h"

namespace anole {
namespace {

testing::AssertionResult Says(const std::string& message, const std::string& part) {
  if (message.find(part) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "'" << message << "' does not say '" << part << "'";
}

class RobotMotionTest : public RobotWalkerTest {
 protected:
  // What reading a file says that is wrong.
  std::string Wrong(const std::string& csv) {
    Write("motion.csv", csv);
    try {
      const MotionTable table(folder_ / "motion.csv");
    } catch (const UserError& error) {
      return error.what();
    }
    return "";
  }
};

constexpr const char* kFollowed = R"([[motion]]
name = "swing"
file = "swing.csv"
)";
constexpr const char* kSeen = R"task([[observation]]
term = "motion"
motion = "swing"
[[observation]]
term = "formula"
formula = "motion('swing', 'hip'); motion_at('swing', 'hip', 0.05); motion_rate('swing', 'hip'); motion_time('swing'); motion_left('swing'); joint('hip'); joint_velocity('hip')"
[[reward]]
term = "alive"
)task";

TEST_F(RobotMotionTest, AFileIsReadByClips) {
  Write(
      "motion.csv",
      "# hip, time, clip, knee\r\n1, 0.0, 0, 5\r\n3, 0.1, 0, 5\n\n\"2\",\"10\",1,-1\n4,10.5,1,1e1\n"
      "+4,11,1,0\n");
  const MotionTable table(folder_ / "motion.csv");
  EXPECT_EQ(table.columns(), (std::vector<std::string>{"hip", "knee"}));
  ASSERT_EQ(table.clips(), 2U);
  EXPECT_EQ(table.length(0), 0.1);
  EXPECT_EQ(table.length(1), 1);
  EXPECT_NEAR(table.Value(0, table.At(0, 0.025)), 1.5, 1e-12);
  EXPECT_NEAR(table.Rate(0, table.At(0, 0.025)), 20, 1e-9);
  EXPECT_NEAR(table.Value(1, table.At(1, 0.75)), 5, 1e-12);
  EXPECT_NEAR(table.Value(1, table.At(1, 1)), 0, 1e-12);
  EXPECT_NEAR(table.Rate(1, table.At(1, 1)), -20, 1e-9);
}

TEST_F(RobotMotionTest, WhatIsWrongIsToldWithItsLine) {
  EXPECT_TRUE(Says(Wrong(""), "is empty"));
  EXPECT_TRUE(Says(Wrong("time, hip\n"), "has names, but no numbers"));
  EXPECT_TRUE(Says(Wrong("hip\n1\n"), "no column 'time'"));
  EXPECT_TRUE(Says(Wrong("time, hip, hip\n"), "two columns are called 'hip'"));
  EXPECT_TRUE(Says(Wrong("time, hip,\n"), "column 3 has no name"));
  EXPECT_TRUE(Says(Wrong("time\n0\n"), "no column but"));
  EXPECT_TRUE(Says(Wrong("time,hip\n0,1\n0.1\n"), "motion.csv:3: has 1 numbers for 2"));
  EXPECT_TRUE(Says(Wrong("time,hip\n0,1\n0.1,x\n"), "motion.csv:3: column 'hip': 'x' is no"));
  EXPECT_TRUE(Says(Wrong("time,hip\n0,1\n0.1,nan\n"), "'nan' is no number"));
  EXPECT_TRUE(Says(Wrong("time,hip\n0,1\n0.1,1e16\n"), "'1e16' is no number within"));
  EXPECT_TRUE(Says(Wrong("time,hip\n0,1\n0.1,a\x1b[31m\n"), "'a\\x1b[31m' is no number"));
  EXPECT_TRUE(Says(Wrong("time;hip\n0;1\n"), "commas separate, is 'time;hip'"));
  EXPECT_TRUE(Says(Wrong("time,hip\n0,1\n0.1,\n"), "'' is no number"));
  EXPECT_TRUE(Says(Wrong("time,hip\n0,1\n0,1\n"), "'time' does not grow"));
  EXPECT_TRUE(Says(Wrong("time,hip\n0,1\n"), "one moment alone"));
  EXPECT_TRUE(Says(Wrong("time,clip,hip\n0,1,1\n"), "the first clip must be 0"));
  EXPECT_TRUE(Says(Wrong("time,clip,hip\n0,0,1\n1,0,1\n0,2,1\n"), "must count up"));
  EXPECT_TRUE(Says(Wrong("time,clip,hip\n0,0,1\n0,1,1\n1,1,1\n"), "one moment alone"));
}

TEST_F(RobotMotionTest, AnEpisodeBeginsWithinItAndTermsFollowIt) {
  Write("swing.csv", "time,hip\n0,0\n0.1,1\n0.3,0\n");
  const auto family = Make(WalkerTask(std::string(kFollowed) + kSeen));
  Stage stage(*family);
  double earliest = 1, latest = 0;
  for (std::int64_t rollout = 0; rollout < 200; ++rollout) {
    stage.Reset(Vector(), {.iteration = 1, .rollout = rollout}, 0);
    Vector seen = stage.Observe();
    const double time = seen[4];
    earliest = std::min(earliest, time);
    latest = std::max(latest, time);
    const auto at = [](double t) {
      t -= 0.3 * std::floor(t / 0.3);
      return t < 0.1 ? 10 * t : 1 - 5 * (t - 0.1);
    };
    EXPECT_NEAR(seen[0], at(time), 1e-9);
    EXPECT_EQ(seen[1], seen[0]);
    EXPECT_NEAR(seen[2], at(time + 0.05), 1e-9);
    EXPECT_NEAR(seen[3], time < 0.1 ? 10 : -5, 1e-9);
    EXPECT_NEAR(seen[5], 0.3 - time, 1e-12);
    EXPECT_EQ(seen[6], seen[0]);  // the joint begins there
    EXPECT_EQ(seen[7], seen[3]);  // and moves so
    for (int step = 1; step <= 20; ++step) {
      stage.Step(Vector::Zero(1));
      EXPECT_NEAR(stage.Observe()[0], at(time + 0.02 * step), 1e-9);
    }
  }
  EXPECT_LT(earliest, 0.02);
  EXPECT_GT(latest, 0.28);
}

TEST_F(RobotMotionTest, OneThatDoesNotRepeatStandsStillAtItsEnd) {
  Write("swing.csv", "time,hip\n0,0\n0.1,1\n");
  const auto family = Make(WalkerTask(
      std::string(kFollowed) + "repeats = false\nbegin = [0.05, 0.05]\nstart = false\n" + kSeen));
  Stage stage(*family);
  stage.Reset(Vector(), {}, 0);
  EXPECT_NEAR(stage.Observe()[0], 0.5, 1e-12);
  EXPECT_EQ(stage.Observe()[6], 0);  // the joint begins elsewhere
  for (int step = 0; step < 4; ++step) stage.Step(Vector::Zero(1));
  const Vector seen = stage.Observe();
  EXPECT_EQ(seen[0], 1);
  EXPECT_EQ(seen[3], 0);
  EXPECT_NEAR(seen[4], 0.1, 1e-12);
  EXPECT_NEAR(seen[5], 0, 1e-12);
}

TEST_F(RobotMotionTest, AFreeBodyBeginsWithItsPoseAndVelocity) {
  // A quarter turn about z in half a second, with signs that differ as quaternions' may.
  Write("swing.csv",
        "time,trunk.x,trunk.y,trunk.z,trunk.qw,trunk.qx,trunk.qy,trunk.qz\n"
        "0,0,0,2,1,0,0,0\n0.5,1,0,2,-0.70710678118,0,0,-0.70710678118\n");
  const std::string task = WalkerTask(std::string(kFollowed) +
                                      "begin = [0.25, 0.25]\n[[observation]]\nterm = "
                                      "\"joint_positions\"\n[[reward]]\nterm = \"alive\"\n");
  const auto family = Make(task);
  Stage stage(*family);
  stage.Reset(Vector(), {}, 0);
  const mjtNum* const pose = stage.data().qpos;
  EXPECT_NEAR(pose[0], 0.5, 1e-9);
  EXPECT_NEAR(2 * std::atan2(pose[6], pose[3]), std::numbers::pi / 4, 1e-9);
  const mjtNum* const velocity = stage.data().qvel;
  EXPECT_NEAR(velocity[0], 2, 1e-9);
  EXPECT_NEAR(velocity[5], std::numbers::pi, 1e-9);
  EXPECT_NEAR(velocity[3], 0, 1e-9);

  Write("swing.csv", "time,trunk.x\n0,0\n1,1\n");
  EXPECT_TRUE(Says(ErrorOf(task), "has no column 'trunk.y' beside"));
  Write("swing.csv",
        "time,trunk.x,trunk.y,trunk.z,trunk.qw,trunk.qx,trunk.qy,trunk.qz\n"
        "0,0,0,2,1,0,0,0\n0.5,1,0,2,0,0,0,0\n");
  EXPECT_TRUE(Says(ErrorOf(task), "the quaternion in row 2 of"));
  Write("swing.csv", "time,hipp\n0,0\n1,1\n");
  EXPECT_TRUE(Says(ErrorOf(task), "did you mean 'hip'"));
  EXPECT_TRUE(Says(ErrorOf(task), "start = false does without"));
}

TEST_F(RobotMotionTest, TasksDifferInTheirClips) {
  Write("swing.csv", "time,clip,hip\n0,0,0\n1,0,0\n0,1,1\n1,1,1\n0,2,2\n1,2,2\n0,3,3\n1,3,3\n");
  const auto family =
      Make(WalkerTask(std::string(kFollowed) + "range = [0, 1]\ntest_range = [2, 3]\n" + kSeen));
  ASSERT_EQ(family->spec().task_parameters.size(), 1U);
  EXPECT_EQ(family->spec().task_parameters[0].name, "swing.clip");
  const TaskRanges& ranges = family->spec().task_ranges[0];
  EXPECT_EQ(ranges.WhyNot(1), "");
  EXPECT_EQ(ranges.WhyNot(1.5), "must be a whole number from 0 to 3");
  EXPECT_EQ(ranges.WhyNot(4), "must be a whole number from 0 to 3");
  for (const Phase phase : {Phase::kTrain, Phase::kTest}) {
    const Matrix tasks = SampleTasks(*family, 1, phase, {.count = 100});
    const double low = phase == Phase::kTest ? 2 : 0;
    EXPECT_EQ(tasks.minCoeff(), low);
    EXPECT_EQ(tasks.maxCoeff(), low + 1);
    EXPECT_EQ(tasks.mean(), low + 0.5) << "a list of all clips, one after another";
    Stage stage(*family);
    for (int i = 0; i < 10; ++i) {
      stage.Reset(tasks.col(i), {}, 0);
      EXPECT_EQ(stage.Observe()[0], tasks(0, i));
    }
  }
  const auto of_episodes = Make(WalkerTask(std::string(kFollowed) + "per = \"episode\"\n" + kSeen));
  EXPECT_TRUE(of_episodes->spec().task_parameters.empty());
  Stage stage(*of_episodes);
  Vector seen = Vector::Zero(4);
  for (std::int64_t rollout = 0; rollout < 100; ++rollout) {
    stage.Reset(Vector(), {.iteration = 1, .rollout = rollout}, 0);
    seen[static_cast<Eigen::Index>(stage.Observe()[0])] += 1;
  }
  EXPECT_GT(seen.minCoeff(), 10);
}

TEST_F(RobotMotionTest, WhatIsProbablyNotMeantIsTold) {
  std::string model = kWalker;
  const std::string joint = "<joint name=\"hip\"";
  model.replace(model.find(joint), joint.size(), joint + " range=\"-57 57\"");
  Write("robot.xml", model);
  Write("swing.csv", "time,hip,hop\n0,0,0\n1,45,1\n");
  const auto task = Read(WalkerTask(std::string(kFollowed) + kSeen));
  const Motion& motion = *task->robot.motions[0];
  EXPECT_EQ(motion.unstarted(), std::vector<std::string>{"hop"});
  const auto warnings = motion.Warnings(*task->robot.model);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_TRUE(Says(warnings[0], "joint 'hip' goes from 0 to 45"));
  EXPECT_TRUE(Says(warnings[0], "outside of its limits, -0.9948 to 0.9948"));
}

TEST_F(RobotMotionTest, TermsAreTriedWhereAnEpisodeMayBegin) {
  Write("swing.csv", "time,clip,hip\n0,0,0\n1,0,0\n0,1,1\n1,1,1\n");
  const std::string reward =
      "[[observation]]\nterm = \"joint_positions\"\n[[reward]]\nterm = "
      "\"formula\"\nformula = \"1 / motion('swing', 'hip')\"\n";
  EXPECT_EQ(ErrorOf(WalkerTask(kFollowed + ("range = [1, 1]\n" + reward))), "");
  EXPECT_TRUE(Says(ErrorOf(WalkerTask(kFollowed + reward)), "no finite number at the start"));
}

TEST_F(RobotMotionTest, WhatDoesNotFitIsTold) {
  Write("swing.csv", "time,clip,hip\n0,0,0\n1,0,0\n0,1,1\n1,1,1\n");
  const auto wrong = [&](const std::string& options, const std::string& terms = kSeen) {
    return ErrorOf(WalkerTask(kFollowed + options + terms +
                              "[[reward]]\nname = \"more\"\nterm = \"alive\"\n"));
  };
  EXPECT_TRUE(Says(wrong("range = [0, 2]\n"), "whole numbers from 0 to 1"));
  EXPECT_TRUE(Says(wrong("range = [0, 0.5]\n"), "whole numbers from 0 to 1"));
  EXPECT_TRUE(Says(wrong("test_range = [1, 1]\n"), "without range"));
  EXPECT_TRUE(Says(wrong("begin = [1, 0]\n"), "the lowest value is above"));
  EXPECT_TRUE(Says(wrong("begin = [2, 3]\nrepeats = false\n"), "has more than 1 s"));
  EXPECT_TRUE(
      Says(wrong("", "[[motion]]\nname = \"other\"\nfile = \"swing.csv\"\n" + std::string(kSeen)),
           "joint 'hip' begins with motion 'swing' already"));
  EXPECT_TRUE(Says(wrong("", std::string(kFollowed) + kSeen), "another [[motion]]"));
  EXPECT_TRUE(Says(wrong("", "[[observation]]\nterm = \"motion\"\nmotion = \"swin\"\n"),
                   "did you mean 'swing'"));
  EXPECT_TRUE(
      Says(wrong("", "[[observation]]\nterm = \"motion\"\nmotion = \"swing\"\ncolumns = \"hi\"\n"),
           "did you mean 'hip'"));
  EXPECT_TRUE(
      Says(wrong("", "[[observation]]\nterm = \"formula\"\nformula = \"motion('swing', 'hop')\"\n"),
           "did you mean 'hip'"));
}

}  // namespace
}  // namespace anole
