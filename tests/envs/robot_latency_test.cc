// Actions that act late.
#include <cmath>
#include <set>

#include "envs/stage.h"
#include "tests/envs/robot_folder.h"

namespace anole {
namespace {

// A weight of 1 kg on a slide; what pushes it is its action in newtons.
constexpr const char* kLatencyModel = R"(<mujoco>
  <option timestep="0.005" gravity="0 0 0"/>
  <worldbody><body><joint name="slide" type="slide" axis="1 0 0"/>
    <geom type="sphere" size=".1" mass="1"/></body></worldbody>
  <actuator><motor name="push" joint="slide"/></actuator>
</mujoco>)";

constexpr const char* kLatencyTask = R"([robot]
model = "robot.xml"
control_dt = 0.02
[[action]]
[[observation]]
term = "joint_velocities"
[[reward]]
term = "alive"
)";

class RobotLatencyTest : public RobotFolderTest {
 protected:
  RobotLatencyTest() { Write("robot.xml", kLatencyModel); }

  // The velocity after each of some control steps with action 1: the time that it has acted, in
  // physics steps of .005 s.
  static std::vector<double> StepsActed(const TaskFamily& family, const Vector& task,
                                        const Address& address = {}) {
    Stage stage(family);
    stage.Reset(task, address);
    std::vector<double> acted;
    Vector terms(1), seen(1);
    for (int i = 0; i < 4; ++i) {
      stage.Step(Vector::Ones(1), terms);
      stage.Observe(seen);
      acted.push_back(std::round(seen[0] / 0.005 * 1e6) / 1e6);
    }
    return acted;
  }
};

TEST_F(RobotLatencyTest, AnActionActsAfterItsLatencyToThePhysicsStep) {
  using Acted = std::vector<double>;
  EXPECT_EQ(StepsActed(*Make(kLatencyTask), Vector(0)), (Acted{4, 8, 12, 16}));
  const auto late = [&](const std::string& seconds) {
    return StepsActed(*Make(kLatencyTask + std::string("[[latency]]\nrange = [") + seconds + ", " +
                            seconds + "]\n"),
                      Vector(0));
  };
  EXPECT_EQ(late("0"), (Acted{4, 8, 12, 16}));
  EXPECT_EQ(late("0.005"), (Acted{3, 7, 11, 15}));
  EXPECT_EQ(late("0.02"), (Acted{0, 4, 8, 12}));
  EXPECT_EQ(late("0.026"), (Acted{0, 3, 7, 11}));
  EXPECT_EQ(late("0.06"), (Acted{0, 0, 0, 4}));
}

TEST_F(RobotLatencyTest, ItIsARowOfTheTaskOrDrawnInEachEpisode) {
  const std::string range = "range = [0.01, 0.03]\ntest_range = [0.04, 0.05]\n";
  const auto family = Make(kLatencyTask + ("[[latency]]\nper = \"task\"\n" + range));
  ASSERT_EQ(family->spec().task_parameters.size(), 1U);
  EXPECT_EQ(family->spec().task_parameters[0].name, "latency");
  const Matrix tasks = SampleTasks(*family, 1, Phase::kTest, {.count = 20});
  EXPECT_TRUE((tasks.array() >= 0.04).all() && (tasks.array() <= 0.05).all());
  EXPECT_EQ(StepsActed(*family, Vector::Constant(1, 0.03)), (std::vector<double>{0, 2, 6, 10}));

  const auto drawn = Make(kLatencyTask + std::string("[[latency]]\nrange = [0, 0.02]\n"));
  EXPECT_TRUE(drawn->spec().task_parameters.empty());
  std::set<double> first;
  for (int i = 0; i < 40; ++i) first.insert(StepsActed(*drawn, Vector(0), {.rollout = i})[0]);
  EXPECT_EQ(first, (std::set<double>{0, 1, 2, 3, 4}));
}

TEST_F(RobotLatencyTest, MistakesAreToldWithTheirPlace) {
  const auto error = [&](const std::string& more) { return ErrorOf(kLatencyTask + more); };
  EXPECT_EQ(error("[[latency]]\nrange = [0, 2]\n"),
            "task.toml:10:1: range = [0, 2]: must be 2 values, all 0 to 1 [s]");
  EXPECT_EQ(error("[[latency]]\nrange = [0.2, 0.1]\n"),
            "task.toml:10:1: range = [0.2, 0.1]: the lowest value is above the highest");
  EXPECT_EQ(error("[[latency]]\nrange = [0, 0.1]\n[[latency]]\nrange = [0, 0.1]\n"),
            "task.toml:11:1: a second [[latency]]");
}

}  // namespace
}  // namespace anole
