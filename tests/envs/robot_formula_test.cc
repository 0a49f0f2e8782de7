// Formulas of task files: what they mean, what they remember, and what is told of mistakes.
#include <cmath>

#include "envs/stage.h"
#include "tests/envs/robot_folder.h"

namespace anole {
namespace {

constexpr const char* kModel = R"(<mujoco>
  <option timestep="0.005"/>
  <worldbody>
    <geom type="plane" size="9 9 .1"/>
    <body name="cube" pos=".1 .2 .3"><freejoint/><geom type="box" size=".05 .05 .05" mass=".2"/>
      <site name="skin" type="box" size=".06 .06 .06"/></body>
    <body name="arm" pos="0 2 1">
      <joint name="hinge" axis="0 1 0" damping=".1"/>
      <geom type="capsule" fromto="0 0 0 .3 0 0" size=".02" mass=".3"/>
      <site name="tip" pos=".3 0 0"/>
    </body>
  </worldbody>
  <actuator><motor name="motor" joint="hinge" ctrlrange="-1 1"/></actuator>
  <sensor>
    <framelinvel name="speed" objtype="body" objname="cube"/>
    <touch name="touch" site="skin"/>
  </sensor>
</mujoco>)";

constexpr int kPhysicsSteps = 4;  // of each control step

std::string FormulaTask(const std::string& formula, const std::string& before = "") {
  return R"([robot]
model = "robot.xml"
control_dt = 0.02
[[command]]
name = "wanted"
range = [2, 3]
[[action]]
)" + before +
         R"([[observation]]
term = "formula"
formula = ")" +
         formula + R"("
[[reward]]
term = "formula"
formula = "1"
)";
}

class RobotFormulaTest : public RobotFolderTest {
 protected:
  RobotFormulaTest() { Write("robot.xml", kModel); }

  // After some control steps.
  Vector Values(const std::string& formula, int steps = 0, const std::string& before = "") const {
    const auto family = Make(FormulaTask(formula, before));
    Stage stage(*family);
    stage.Reset(Vector::Constant(1, 2.5), {});
    for (int i = 0; i < steps; ++i) stage.Step(Vector::Constant(1, 0.1 * (i + 1)));
    return stage.Observe();
  }
  double Value(const std::string& formula, int steps = 0) const {
    return Values(formula, steps)[0];
  }

  std::string Problem(const std::string& formula) const {
    const std::string error = ErrorOf(FormulaTask(formula));
    return error.substr(error.find("character"));
  }
};

TEST_F(RobotFormulaTest, OperatorsBindAsInMathematics) {
  EXPECT_EQ(Value("1 + 2 * 3 - 4 / 2"), 5);
  EXPECT_EQ(Value("-2 ^ 2"), -4);
  EXPECT_EQ(Value("2 ^ -1 + 2 ^ 3 ^ 2"), 512.5);
  EXPECT_EQ(Value("(1 + 2) * -3"), -9);
  EXPECT_EQ(Value("10 - 4 - 3"), 3);
  EXPECT_EQ(Value("1 < 2 and 2 <= 2 and not 3 > 4"), 1);
  EXPECT_EQ(Value("1 == 2 or 1 != 1 or 2 >= 3"), 0);
  EXPECT_EQ(Value("not 1 and 0"), 0);
  EXPECT_EQ(Value("1 + 1 > 1.5"), 1);
  EXPECT_EQ(Value("2.5e-1*4"), 1);
  EXPECT_DOUBLE_EQ(Value("2 * pi"), 2 * M_PI);
}

TEST_F(RobotFormulaTest, FunctionsAreThoseOfMathematics) {
  EXPECT_EQ(Values("abs(-2); sqrt(9); exp(0); log(1); min(1, 2); max(1, 2)"),
            Vector((Vector(6) << 2, 3, 1, 0, 1, 2).finished()));
  EXPECT_EQ(Values("clip(5, 0, 1); clip(-5, 0, 1); if(2 > 1, 7, 8); if(0, 7, 8); floor(-0.5)"),
            Vector((Vector(5) << 1, 0, 7, 8, -1).finished()));
  EXPECT_DOUBLE_EQ(Value("sin(1) ^ 2 + cos(1) ^ 2"), 1);
  EXPECT_DOUBLE_EQ(Value("atan2(1, 1)"), M_PI / 4);
  EXPECT_EQ(Value("tolerance(0.5, 0, 1, 2)"), 1);
  EXPECT_DOUBLE_EQ(Value("tolerance(3, 0, 1, 2)"), 0.1);
  EXPECT_DOUBLE_EQ(Value("tolerance(-1, 0, 1, 2)"), 1 / (9 * 0.25 + 1));
  EXPECT_EQ(Value("tolerance(3, 0, 1, 0)"), 0);
  EXPECT_DOUBLE_EQ(Value("hamacher(0.5, 0.25)"), 0.125 / 0.625);
  EXPECT_EQ(Value("hamacher(0, 0)"), 0);
}

TEST_F(RobotFormulaTest, TheStateIsSeen) {
  const Vector at_start = Values(
      "x('cube'); y('cube'); z('cube'); z('tip'); distance('cube', 'tip'); up('cube'); "
      "wanted; time(); touches('cube', '*'); action(0)");
  const double distance = Eigen::Vector3d(0.3 - 0.1, 2 - 0.2, 1 - 0.3).norm();
  const Vector expected = (Vector(10) << 0.1, 0.2, 0.3, 1, distance, 1, 2.5, 0, 0, 0).finished();
  EXPECT_TRUE(at_start.isApprox(expected, 1e-12)) << at_start.transpose();
  const Vector later = Values(
      "vz('cube'); sensor('speed', 2); action(0); force('motor'); joint_velocity('hinge'); "
      "wy('arm'); joint('hinge'); time()",
      3);
  EXPECT_LT(later[0], 0);
  EXPECT_NEAR(later[0], later[1], 1e-12);
  EXPECT_DOUBLE_EQ(later[2], 0.3);
  EXPECT_DOUBLE_EQ(later[3], 0.3);
  EXPECT_NEAR(later[4], later[5], 1e-12);
  EXPECT_NE(later[6], 0);
  EXPECT_NEAR(later[7], 0.06, 1e-12);
  EXPECT_EQ(Value("touches('cube, arm', 'world')", 60), 1) << "the cube has fallen to the floor";
}

TEST_F(RobotFormulaTest, NamesAndMemory) {
  const std::string before = R"t([[formula]]
name = "fallen"
is = "start(z('cube')) - z('cube')"
[[formula]]
name = "step"
is = "fallen - before(fallen)"
)t";
  EXPECT_EQ(Values("fallen; step", 0, before), Vector(Eigen::Vector2d(0, 0)));
  const Vector two = Values("fallen; step", 2, before), three = Values("fallen; step", 3, before);
  EXPECT_GT(two[0], 0);
  EXPECT_NEAR(three[1], three[0] - two[0], 1e-12);
}

TEST_F(RobotFormulaTest, WhatWasIsRemembered) {
  // The cube falls from .3 to .05, and lies there.
  const std::string formulas =
      "most(0 - z('cube')); since(z('cube') > 0.2); most_while(z('cube') > 0.2, vz('cube')); "
      "most(z('cube') < 0.1)";
  const Vector first = Values(formulas);
  EXPECT_TRUE(first.isApprox(Eigen::Vector4d(-0.3, 0, 0, 0), 1e-12)) << first.transpose();
  double lowest = 0.3;
  for (int steps = 1; steps < 40; ++steps) {
    const Vector values = Values(formulas, steps);
    const Vector now = Values("z('cube'); vz('cube')", steps);
    lowest = std::min(lowest, now[0]);
    EXPECT_NEAR(values[0], -lowest, 1e-12);
    EXPECT_EQ(values[3], lowest < 0.1 ? 1 : 0);
    if (now[0] > 0.2) {
      EXPECT_EQ(values[1], 0);
      EXPECT_EQ(values[2], 0) << "the largest was at rest";
    } else {
      EXPECT_GT(values[1], 0);
      EXPECT_NEAR(values[2], now[1], 1e-12);
    }
  }
}

TEST_F(RobotFormulaTest, TotalsCountWhatHasBeen) {
  const std::string formulas =
      "total(1); total(z('cube')); total_while(z('cube') > 0.2, 1); total_while(z('cube') < 0.1, "
      "2)";
  EXPECT_EQ(Values(formulas), Vector::Zero(4));
  double sum = 0, high = 0, low = 0;
  for (int steps = 1; steps < 40; ++steps) {
    const Vector values = Values(formulas, steps);
    const double z = Values("z('cube')", steps)[0];
    sum += z;
    high = z > 0.2 ? high + 1 : 0;
    low = z < 0.1 ? low + 2 : 0;
    EXPECT_EQ(values[0], steps);
    EXPECT_NEAR(values[1], sum, 1e-12);
    EXPECT_EQ(values[2], high);
    EXPECT_EQ(values[3], low);
  }
  EXPECT_GT(low, 10) << "it has fallen and lies there";
}

TEST_F(RobotFormulaTest, WhatHappensWithinAControlStep) {
  // The cube falls from .3, lands within a control step, and bounces a little.
  const std::string named = "[[formula]]\nname = \"fall\"\nis = \"-vz('cube')\"\n";
  const std::string formulas =
      "most_in_step(-vz('cube')); most_in_step(fall); total_in_step(1); total_in_step(fall); "
      "most_in_step(sensor('touch', 0)); fall";
  EXPECT_EQ(Values(formulas, 0, named), Vector::Zero(6));
  double fastest = 0, fastest_at_ends = 0, force = 0, force_at_ends = 0;
  for (int steps = 1; steps < 40; ++steps) {
    const Vector values = Values(formulas, steps, named);
    EXPECT_EQ(values[0], values[1]);
    EXPECT_EQ(values[2], kPhysicsSteps);
    EXPECT_GE(values[0], values[5] - 1e-12);
    EXPECT_LE(values[3], kPhysicsSteps * values[0] + 1e-12);
    fastest = std::max(fastest, values[0]);
    fastest_at_ends = std::max(fastest_at_ends, values[5]);
    force = std::max(force, values[4]);
    force_at_ends = std::max(force_at_ends, Values("sensor('touch', 0)", steps)[0]);
  }
  EXPECT_GT(fastest, fastest_at_ends) << "it was faster before it landed within the step";
  EXPECT_GT(force, 1.01 * force_at_ends) << "the peak is gone at the end of the step";
}

// What looks back over control steps does so within them as at their end.
TEST_F(RobotFormulaTest, MemoryWithinAControlStep) {
  const std::string named =
      "[[formula]]\nname = \"gain\"\nis = \"before(vz('cube')) - vz('cube')\"\n";
  const std::string formulas =
      "gain; most_in_step(gain); most_in_step(before(vz('cube')) - vz('cube')); "
      "before(vz('cube')); most_in_step(before(vz('cube'))); most_in_step(since(0)); "
      "most_in_step(total(1)); before(most_in_step(-vz('cube')))";
  for (int steps = 1; steps < 8; ++steps) {  // it falls freely
    const Vector values = Values(formulas, steps, named);
    EXPECT_NEAR(values[0], 9.81 * 0.02, 1e-9);
    EXPECT_NEAR(values[1], values[0], 1e-9) << "the most at the end";
    EXPECT_NEAR(values[2], values[0], 1e-9);
    EXPECT_EQ(values[3], values[4]);
    EXPECT_NEAR(values[5], 0.02 * steps, 1e-9);
    EXPECT_EQ(values[6], steps);
    EXPECT_NEAR(values[7], 9.81 * 0.02 * (steps - 1), 1e-9);
  }
}

// A peak is no less than what is seen at the end.
TEST_F(RobotFormulaTest, PeaksOfForcesAreOfTheSameStatesAsTheRest) {
  for (int steps = 1; steps < 40; ++steps) {
    const Vector values = Values(
        "most_in_step(sensor('touch', 0)); sensor('touch', 0); "
        "total_in_step((sensor('touch', 0) > 0) != (touches('cube', 'world') > 0))",
        steps);
    EXPECT_GE(values[0], values[1]) << steps;
    EXPECT_EQ(values[2], 0) << steps;
  }
}

TEST_F(RobotFormulaTest, SumsAreOverWords) {
  EXPECT_DOUBLE_EQ(Value("sum('cube, arm', z('@') ^ 2) + 1"), 0.3 * 0.3 + 1 + 1);
  EXPECT_DOUBLE_EQ(Value("sum('ub', z('c@e')) * 2"), 0.6);
  EXPECT_EQ(Value("sum('1, 2', 3)"), 6);
}

// Each is computed once in a state, however often others refer to it.
TEST_F(RobotFormulaTest, NamesCostNothingTwice) {
  std::string before = "[[formula]]\nname = \"f0\"\nis = \"z('cube')\"\n";
  for (int i = 1; i <= 60; ++i) {
    const std::string last = "f" + std::to_string(i - 1);
    before += "[[formula]]\nname = \"f" + std::to_string(i) + "\"\nis = \"" + last + " / 2 + " +
              last + " / 2\"\n";
  }
  EXPECT_NEAR(Values("f60", 3, before)[0], Value("z('cube')", 3), 1e-12);
}

TEST_F(RobotFormulaTest, WhatIsNoNumberHoldsNothing) {
  const auto family = Make(R"t([robot]
model = "robot.xml"
control_dt = 0.02
[[action]]
[[observation]]
term = "joint_positions"
[[reward]]
term = "alive"
[[termination]]
term = "formula"
formula = "0 / 0"
[[success]]
term = "formula"
formula = "0 / 0"
)t");
  Stage stage(*family);
  stage.Reset(Vector(), {});
  const Outcome outcome = stage.Step(Vector::Zero(1));
  EXPECT_FALSE(outcome.terminated);
  EXPECT_FALSE(outcome.success);
}

TEST_F(RobotFormulaTest, BodiesHaveAxesOfTheirOwn) {
  const Vector seen = Values(
      "own_vx('arm'); own_wy('arm'); wy('arm'); turned('arm', 0); turned('arm', 2); "
      "control('motor')",
      5);
  EXPECT_NEAR(seen[1], seen[2], 1e-12) << "it turns about its y axis";
  EXPECT_EQ(seen[0], 0) << "its origin is fixed";
  const double angle = Value("joint('hinge')", 5);
  EXPECT_NEAR(seen[3], std::cos(angle), 1e-12);
  EXPECT_NEAR(seen[4], std::sin(angle), 1e-12);
  EXPECT_EQ(seen[5], 0.5);
}

TEST_F(RobotFormulaTest, ARewardAndAConditionMayBeFormulas) {
  const auto family = Make(R"t([robot]
model = "robot.xml"
control_dt = 0.02
[[action]]
[[observation]]
term = "joint_positions"
[[reward]]
term = "formula"
formula = "10 * z('cube')"
weight = 0.5
[[termination]]
term = "formula"
formula = "z('cube') < 0.2"
[[success]]
term = "formula"
formula = "time() > 0.03"
)t");
  Stage stage(*family);
  stage.Reset(Vector(), {});
  Outcome outcome;
  int steps = 0;
  while (!outcome.terminated && steps < 100) {
    outcome = stage.Step(Vector::Zero(1));
    ++steps;
    EXPECT_NEAR(outcome.reward, 5 * stage.data().qpos[2], 1e-12);
    EXPECT_EQ(outcome.success, steps > 1);
    EXPECT_EQ(outcome.terminated, stage.data().qpos[2] < 0.2);
  }
  EXPECT_GT(steps, 3);
  EXPECT_LT(steps, 20);
}

TEST_F(RobotFormulaTest, MistakesAreToldWithTheirPlace) {
  EXPECT_EQ(Problem("1 + wantd"),
            "character 5: 'wantd' is no [[formula]], command or function; did you mean 'wanted'?");
  EXPECT_EQ(Problem("absl(1)"), "character 1: no function 'absl'; did you mean 'abs'?");
  EXPECT_EQ(Problem("clip(1, 2)"), "character 1: it is called as clip(x, lowest, highest)");
  EXPECT_EQ(Problem("abs(1, 2)"), "character 1: it is called as abs(x)");
  EXPECT_EQ(Problem("z(cube)"), "character 1: it is called as z('part')");
  EXPECT_EQ(Problem("z('cub')"),
            "character 1: z: no site or body of that name in robot.xml; did you mean 'cube'?");
  EXPECT_EQ(Problem("1 +"), "character 4: a number, a name or '(' is missing");
  EXPECT_EQ(Problem("(1"), "character 3: ')' is missing");
  EXPECT_EQ(Problem("sum('cube', sum('cube', 1))"),
            "character 17: a sum within a sum: @ would mean two things");
  EXPECT_EQ(Problem("sum(1, 2)"), "character 1: it is called as sum('words', x)");
  EXPECT_EQ(Problem("sum('cube, leg', z('@'))"),
            "character 18: z: no site or body of that name in robot.xml; known: world, cube, arm, "
            "skin, tip");
  EXPECT_EQ(Problem("1 2"), "character 3: there is more than a formula");
  EXPECT_EQ(Problem("1 < 2 < 3"), "character 7: there is more than a formula");
  EXPECT_EQ(Problem("$"), "character 1: '$' is not understood");
  EXPECT_EQ(Problem("'cube'"),
            "character 1: a name in quotes is an argument of a function: z('cube')");
  EXPECT_EQ(Problem("action(1)"),
            "character 1: action: the number must be one from 0 to 0, written as such");
  EXPECT_EQ(Problem("action(time())"),
            "character 1: action: the number must be one from 0 to 0, written as such");
  EXPECT_EQ(Problem("z('cube"), "character 4: the closing ' is missing");
  EXPECT_EQ(Problem(std::string(5000, '(')), "character 102: is too deeply nested");
  EXPECT_EQ(Problem(std::string(5000, '-')), "character 102: is too deeply nested");
  EXPECT_NE(ErrorOf(FormulaTask("1", "[[formula]]\nname = \"wanted\"\nis = \"1\"\n"))
                .find("has a meaning already"),
            std::string::npos);
  EXPECT_NE(ErrorOf(FormulaTask("1", "[[formula]]\nname = \"2a\"\nis = \"1\"\n"))
                .find("must be of letters"),
            std::string::npos);
  std::string endless = FormulaTask("1");
  endless.replace(endless.rfind("\"1\""), 3, "\"1 / time()\"");
  EXPECT_NE(ErrorOf(endless).find("reward 'formula' is no finite number at the start"),
            std::string::npos);
  EXPECT_NE(ErrorOf(FormulaTask("1 / time()")).find("observation 'formula' is no finite number"),
            std::string::npos);
  EXPECT_NE(ErrorOf(FormulaTask("1e199")).find("observation 'formula' is no finite number"),
            std::string::npos);
  std::string sum = "1";
  for (int i = 0; i < 100'000; ++i) sum += "+1";
  EXPECT_NE(Problem(sum).find("is too long: give parts of it a name, by a [[formula]]"),
            std::string::npos);
}

}  // namespace
}  // namespace anole
