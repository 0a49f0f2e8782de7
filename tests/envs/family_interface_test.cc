// What families say of the numbers of their observations and actions is true of them.
#include "envs/family_interface.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "configs/reader.h"
#include "configs/settings.h"
#include "envs/stage.h"
#include "envs/task_adjustment.h"
#include "envs/task_family.h"

namespace anole {
namespace {

std::unique_ptr<TaskFamily> MakeNamed(const std::string& name) {
  const auto maker = TaskFamilies::NewMaker(name);
  if (name == "robot") {
    Settings settings;
    settings.Set("task.file", std::string(ANOLE_SOURCE_DIR) + "/configs/robots/quadruped.toml");
    SettingsReader reader(settings, "test");
    maker->Describe(reader);
  }
  return maker->Make();
}

class FamilyInterface : public testing::TestWithParam<std::string> {};

TEST_P(FamilyInterface, HasEveryNumberOnce) {
  const auto family = MakeNamed(GetParam());
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
  const auto family = MakeNamed(GetParam());
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

// Of actions that are controls: what MuJoCo is told is what is said.
TEST_P(FamilyInterface, ControlsAreThoseThatAreSaid) {
  const auto family = MakeNamed(GetParam());
  const FamilySpec& spec = family->spec();
  Stage stage(*family);
  stage.Reset(SampleTasks(*family, 1, Phase::kTrain, {.count = 1}).col(0), Address{.seed = 1});
  for (const double size : {0., .5, -.5, 3., -3.}) {
    stage.Observe();
    const Vector action = Vector::Constant(spec.action_dim, size * spec.action_range);
    stage.Step(action);
    for (const ActionPart& part : spec.actions) {
      if (part.quantity != "control") continue;
      const double asked = part.offset + part.scale * std::clamp(size, -1., 1.);
      const int id = mj_name2id(&stage.model(), mjOBJ_ACTUATOR, part.actuator.c_str());
      ASSERT_GE(id, 0) << part.actuator;
      EXPECT_DOUBLE_EQ(std::clamp(stage.data().ctrl[id], part.lowest_control, part.highest_control),
                       std::clamp(asked, part.lowest_control, part.highest_control))
          << part.actuator;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Registry, FamilyInterface, testing::ValuesIn(TaskFamilies::names()),
                         [](const auto& family) {
                           std::string name = family.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(FamilyInterfaceTest, ObservedParametersOfATaskAreNamed) {
  TaskAdjustment adjustment;
  adjustment.observe_parameters = true;
  const auto family = Adjust(MakeNamed("point-navigation"), adjustment);
  const auto& parts = family->spec().observations;
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[1].name, "task parameter target_x");
  EXPECT_EQ(parts[2].unit, "m");
}

}  // namespace
}  // namespace anole
