// Formulas of a robot's task file, in the place of one in a file that is in order.
#include "configs/user_error.h"
#include "envs/robot/formula.h"
#include "envs/robot/task_file.h"
#include "tests/fuzz/harness.h"

namespace anole::fuzz {
namespace {

constexpr const char* kTaskOfFormula = R"([robot]
model = "cart_pole.xml"
control_dt = 0.02
[[command]]
name = "wanted"
range = [2, 3]
[[action]]
actuators = "*"
[[observation]]
term = "joint_positions"
[[reward]]
term = "formula"
formula = '''
)";

void FuzzFormula(std::string_view input) {
  if (input.find("'''") != std::string_view::npos) return;
  Write("formula/cart_pole.xml", TextOf(ANOLE_SOURCE_DIR "/configs/robots/cart_pole.xml"));
  const auto file = Write("formula/task.toml", kTaskOfFormula + std::string(input) + "'''\n");
  Accept([&] { ReadRobotTask(file); });
}

const RegisterHarness registration("formula", {FuzzFormula});

}  // namespace
}  // namespace anole::fuzz
