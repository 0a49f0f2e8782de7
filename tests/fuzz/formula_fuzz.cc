// Formulas of a robot's task file.
#include "envs/robot/formula.h"
#include "envs/robot/task_file.h"
#include "tests/fuzz/harness.h"

namespace anole::fuzz {
namespace {

// With all that names in a formula may be of: a command, a motion and an earlier formula.
constexpr const char* kTaskOfFormula = R"([robot]
model = "cart_pole.xml"
control_dt = 0.02
[[motion]]
name = "swing"
file = "swing.csv"
start = false
[[command]]
name = "wanted"
range = [2, 3]
[[action]]
actuators = "*"
[[formula]]
name = "error"
is = "wanted - 1"
[[observation]]
term = "joint_positions"
[[reward]]
term = "formula"
formula = "error"
)";

void FuzzFormula(std::string_view input) {
  static const std::unique_ptr<const RobotTask> kTask = [] {
    Write("formula/cart_pole.xml", TextOf(ANOLE_SOURCE_DIR "/configs/robots/cart_pole.xml"));
    Write("formula/swing.csv", "time,hip\n0,1\n1,2\n");
    return ReadRobotTask(Write("formula/task.toml", kTaskOfFormula));
  }();
  Accept([&] {
    KeptList kept;
    bool accelerations = false;
    const RobotParts parts{.robot = kTask->robot,
                           .action_dim = kTask->action_dim(),
                           .control_dt = 0.02,
                           .kept = kept,
                           .formulas = kTask->formulas,
                           .accelerations = accelerations};
    Require(ParseFormula("formula", std::string(input), parts) != nullptr, "a formula is none");
  });
}

const RegisterHarness registration("formula", {FuzzFormula});

}  // namespace
}  // namespace anole::fuzz
