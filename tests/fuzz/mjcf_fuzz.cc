// The model of a robot, in MJCF, as a plain task file uses it.
#include "envs/robot/task_file.h"
#include "tests/fuzz/harness.h"

namespace anole::fuzz {
namespace {

constexpr const char* kTaskOfMjcf = R"([robot]
model = "model.xml"
control_dt = 0.02
[[action]]
actuators = "*"
[[observation]]
term = "joint_positions"
[[observation]]
term = "joint_velocities"
[[reward]]
term = "alive"
)";

void FuzzMjcf(std::string_view input) {
  Write("mjcf/model.xml", input);
  const std::filesystem::path file = Write("mjcf/task.toml", kTaskOfMjcf);
  Accept([&] { ReadRobotTask(file); });
}

const RegisterHarness registration("mjcf", {FuzzMjcf});

}  // namespace
}  // namespace anole::fuzz
