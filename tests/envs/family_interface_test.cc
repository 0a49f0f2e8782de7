// What families say of the numbers of their observations and actions is true of them.
#include "envs/family_interface.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "envs/stage.h"
#include "envs/task_adjustment.h"
#include "envs/task_family.h"
#include "tests/envs/every_family.h"

namespace anole {
namespace {

class FamilyInterface : public testing::TestWithParam<std::string> {};

TEST_P(FamilyInterface, HasEveryNumberOnce) {
  const auto family = MakeFamily(GetParam());
  std::int64_t size = 0;
  for (const ObservationPart& part : family->spec().observations) {
    EXPECT_FALSE(part.name.empty());
    EXPECT_GT(part.size, 0) << part.name;
    size += part.size;
  }
  EXPECT_EQ(size, family->spec().observation_dim);
  EXPECT_EQ(std::ssize(family->spec().actions), family->spec().action_dim);
}

TEST_P(FamilyInterface, ObservationsStayWithinTheirClip) {
  const auto family = MakeFamily(GetParam());
  const FamilySpec& spec = family->spec();
  Stage stage(*family);
  const Matrix tasks = SampleTasks(*family, 1, Phase::kTrain, {.count = 1});
  stage.Reset(tasks.col(0), Address{.seed = 1});
  Rng rng = Address{.seed = 2}.Open(Purpose::kAction);
  for (int t = 0; t < 20; ++t) {
    Eigen::Index row = 0;
    const Vector observation = stage.Observe();
    for (const ObservationPart& part : spec.observations) {
      EXPECT_LE(observation.segment(row, part.size).cwiseAbs().maxCoeff(), part.clip) << part.name;
      row += part.size;
    }
    Vector action(spec.action_dim);
    for (double& number : action) number = rng.Uniform(-2, 2);
    if (stage.Step(action).diverged) break;
  }
}

// Of actions that set controls: what MuJoCo is told is what is said.
TEST_P(FamilyInterface, ControlsAreThoseThatAreSaid) {
  const auto family = MakeFamily(GetParam());
  const FamilySpec& spec = family->spec();
  Stage stage(*family);
  stage.Reset(SampleTasks(*family, 1, Phase::kTrain, {.count = 1}).col(0), Address{.seed = 1});
  int compared = 0;
  for (const double size : {0., .5, -.5, 3., -3.}) {
    stage.Observe();
    const Vector action = Vector::Constant(spec.action_dim, size * spec.action_range);
    stage.Step(action);
    for (const ActionPart& part : spec.actions) {
      const bool is_servo = part.quantity == "position" && part.stiffness == 0;
      if (part.quantity != "control" && !is_servo) continue;
      ++compared;
      double asked = part.offset + part.scale * std::clamp(size, -1., 1.);
      if (is_servo) asked = part.control_offset + part.control_factor * asked;
      const int id = mj_name2id(&stage.model(), mjOBJ_ACTUATOR, part.actuator.c_str());
      ASSERT_GE(id, 0) << part.actuator;
      EXPECT_DOUBLE_EQ(std::clamp(stage.data().ctrl[id], part.lowest_control, part.highest_control),
                       std::clamp(asked, part.lowest_control, part.highest_control))
          << part.actuator;
    }
  }
  EXPECT_TRUE(compared > 0 || !GetParam().starts_with("robot/"));
}

INSTANTIATE_TEST_SUITE_P(Registry, FamilyInterface, testing::ValuesIn(EveryFamilyName()),
                         [](const auto& test) { return TestName(test.param); });

TEST(FamilyInterfaceTest, ObservedParametersOfATaskAreNamed) {
  TaskAdjustment adjustment;
  adjustment.observe_parameters = true;
  const auto family = Adjust(MakeFamily("point-navigation"), adjustment);
  const auto& parts = family->spec().observations;
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[1].name, "task parameter target_x");
  EXPECT_EQ(parts[2].unit, "m");
}

}  // namespace
}  // namespace anole
