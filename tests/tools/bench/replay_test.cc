// Bare mj_step moves as an episode did, whatever a task does to the robot between steps.
#include "tools/bench/replay.h"

#include <stdexcept>

#include "envs/random.h"
#include "tests/envs/robot_walker.h"

namespace anole::bench {
namespace {

class ReplayTest : public RobotWalkerTest {
 protected:
  // On the first episode of a task.
  void ExpectTheSame(const TaskFamily& family) const {
    Rng rng = Address().Open(Purpose::kAction);
    Episode episode(family.spec());
    episode.length = 60;
    for (double& number : episode.actions.reshaped()) number = rng.Uniform(-1, 1);
    const Vector task = SampleTasks(family, 1, Phase::kTrain, {.count = 1}).col(0);
    Stage stage(family);
    Track track = RecordTrack(task, {.rollout = 3}, episode, stage);
    const DataPtr data = MakeData(stage.model());
    const auto replay = [&] {
      BeginTrack(stage.model(), track, *data);
      Replay(stage.model(), track, *data);
    };
    replay();
    EXPECT_NO_THROW(CheckEnd(stage.model(), track, *data));
    track.changes.back().inputs = Vector::Ones(mj_stateSize(&stage.model(), mjSTATE_USER));
    replay();
    EXPECT_THROW(CheckEnd(stage.model(), track, *data), std::logic_error);
  }
};

TEST_F(ReplayTest, BareStepsMoveAsTheEpisode) {
  const std::string plain = WalkerTask(kPlain);
  for (const char* more : {"",
                           R"([[push]]
body = "trunk"
every = [0.1, 0.3]
speed = [0.5, 1]
)",
                           R"([[push]]
body = "trunk"
every = [0.1, 0.3]
duration = [0.05, 0.1]
speed = [0.5, 1]
)",
                           R"([[place]]
of = "foot"
x = [0.5, 1.5]
y = [-0.2, 0.2]
z = [0.2, 0.3]
per = "episode"
every = 0.2
)",
                           R"([[latency]]
range = [0.012, 0.012]
)",
                           R"([[observation]]
term = "sensor"
sensor = "acceleration"
[[randomize]]
field = "mass"
target = "trunk"
range = [0.5, 2]
)"}) {
    SCOPED_TRACE(more);
    ExpectTheSame(*Make(plain + more));
  }
}

TEST_F(ReplayTest, LooksAheadOfRungeAndKuttaAreNoSteps) {
  std::string model = kWalker;
  model.replace(model.find("<option "), 8, "<option integrator='RK4' ");
  Write("robot.xml", model);
  ExpectTheSame(*Make(WalkerTask(kPlain)));
  ExpectTheSame(*Make(WalkerTask(kPlain) + R"([[place]]
of = "foot"
x = [0.5, 1.5]
z = [0.2, 0.3]
per = "episode"
every = 0.1
)"));
}

}  // namespace
}  // namespace anole::bench
