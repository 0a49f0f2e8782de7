#include "envs/mujoco.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <limits>

#include "configs/user_error.h"

namespace anole {
namespace {

TEST(LoadModel, TellsMujocosOwnMessage) {
  try {
    LoadModel(
        "<mujoco><worldbody><body><geom size='1'/><joint type='hing'/></body></worldbody>"
        "</mujoco>",
        "robot.xml");
    FAIL() << "a joint of no type was accepted";
  } catch (const UserError& error) {
    EXPECT_NE(std::string(error.what()).find("robot.xml: "), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("hing"), std::string::npos) << error.what();
  }
}

class Diverged : public testing::TestWithParam<double> {};

// mj_step looks at the state before it steps and replaces a bad one by qpos0; IsHealthy must find
// out both right after the step that blew up and after that silent reset.
TEST_P(Diverged, IsFoundBeforeAndAfterMujocoResetsTheState) {
  const ModelPtr model = LoadEmbeddedModel("half_cheetah.xml");
  const DataPtr data = MakeData(*model);
  mj_forward(model.get(), data.get());
  EXPECT_TRUE(IsHealthy(*model, *data));
  data->qvel[3] = GetParam();
  EXPECT_FALSE(IsHealthy(*model, *data));
  mj_step(model.get(), data.get());
  EXPECT_TRUE(std::isfinite(data->qvel[3])) << "MuJoCo no longer resets by itself";
  EXPECT_FALSE(IsHealthy(*model, *data));
  EXPECT_FALSE(std::filesystem::exists("MUJOCO_LOG.TXT"));
}

INSTANTIATE_TEST_SUITE_P(Values, Diverged,
                         testing::Values(std::numeric_limits<double>::quiet_NaN(),
                                         std::numeric_limits<double>::infinity(), 1e11));

}  // namespace
}  // namespace anole
