#include "tools/run/goal.h"

#include <gtest/gtest.h>

namespace anole {
namespace {

TEST(GoalText, TellsNamesAndUnits) {
  EXPECT_EQ(GoalText(Eigen::Vector2d(0.1, -0.25), {{"target_x", "m"}, {"target_y", ""}}),
            "target_x 0.1 m, target_y -0.25");
}

TEST(GoalText, TellsTheFirstOfMany) {
  const std::vector<NamedUnit> parameters(kParametersTold + 3, {"mass", "kg"});
  const Vector task = Vector::Ones(static_cast<Eigen::Index>(parameters.size()));
  const std::string text = GoalText(task, parameters);
  EXPECT_EQ(text, "mass 1 kg, mass 1 kg, mass 1 kg, mass 1 kg and 3 more");
}

}  // namespace
}  // namespace anole
