#include "envs/mujoco.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <string>
#include <thread>

#include "configs/user_error.h"
#include "envs/mujoco_error.h"
#include "envs/same_motion.h"

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

// All that can refer to looks does.
TEST(LoadModel, LeavesLooksOut) {
  const std::string xml = R"(<mujoco>
    <asset>
      <texture name="sky" type="skybox" builtin="flat" width="8" height="8"/>
      <texture name="tiles" type="2d" builtin="checker" width="8" height="8"/>
      <texture name="lost" type="2d" file="nowhere.png"/>
      <material name="floor" texture="tiles" rgba="1 0 0 1"/>
      <material name="photograph" texture="lost"/>
    </asset>
    <default><geom material="floor"/></default>
    <worldbody>
      <light texture="tiles" type="image"/>
      <geom type="plane" size="5 5 .1" material="photograph"/>
      <site name="start" material="floor"/>
      <body name="ball" pos="0 0 1"><freejoint/><geom size=".1"/><site name="end"/>
        <body name="end" pos=".3 0 0"><joint/><geom size=".1"/></body>
      </body>
    </worldbody>
    <tendon><spatial material="floor"><site site="start"/><site site="end"/></spatial></tendon>
    <deformable>
      <flex name="string" dim="1" body="ball end" vertex="0 0 0  0 0 0" element="0 1"
            material="floor"/>
      <skin material="floor" vertex="0 0 0 1 0 0 0 1 0" face="0 1 2">
        <bone body="ball" bindpos="0 0 0" bindquat="1 0 0 0" vertid="0 1 2" vertweight="1 1 1"/>
      </skin>
    </deformable>
  </mujoco>)";
  const ModelPtr model = LoadModel(xml, "robot.xml");
  EXPECT_EQ(model->ntex + model->nmat + model->nskin, 0);
  EXPECT_EQ(model->ngeom, 3);
  EXPECT_EQ(model->nflex, 1);
  EXPECT_EQ(model->nlight, 1);
  EXPECT_EQ(model->ntendon, 1);
}

TEST(LoadModel, LeavesTuplesOutThatNameLooks) {
  const ModelPtr model = LoadModel(R"(<mujoco>
    <asset><material name="red" rgba="1 0 0 1"/></asset>
    <worldbody><geom size="1"/></worldbody>
    <custom><tuple name="paints"><element objtype="material" objname="red"/></tuple></custom>
  </mujoco>)",
                                   "robot.xml");
  EXPECT_EQ(model->nmat + model->ntuple, 0);
}

TEST(LoadModel, LooksHaveNoPartInTheMotion) {
  for (const std::string_view body : {"half_cheetah.xml", "humanoid.xml", "reacher.xml"}) {
    const ModelPtr plain = LoadEmbeddedModel(body), pictured = LoadPicturedModel(body);
    EXPECT_GT(pictured->ntex, 0);
    EXPECT_EQ(plain->ntex, 0);
    EXPECT_TRUE(SameMotion(*plain, *pictured));
  }
}

// Three bodies that touch, in too little memory: found when they are stepped, by the thread that
// does.
TEST(MujocoErrorTest, IsAnExceptionInAnyThread) {
  const ModelPtr model = LoadModel(R"(<mujoco><size memory="8K"/><worldbody>
      <geom type="plane" size="1 1 1"/>
      <body pos="0 0 1"><freejoint/><geom size=".1"/></body>
      <body pos="0 0 .3"><freejoint/><geom size=".1"/></body>
      <body pos="0 0 .05"><freejoint/><geom type="box" size=".1 .1 .1"/></body>
    </worldbody></mujoco>)",
                                   "small.xml");
  const auto step = [&] {
    const DataPtr data = MakeData(*model);
    for (int i = 0; i < 100; ++i) mj_step(model.get(), data.get());
  };
  EXPECT_THROW(step(), MujocoError);
  std::string message;
  std::thread([&] {
    try {
      step();
    } catch (const MujocoError& error) {
      message = error.what();
    }
  }).join();
  EXPECT_NE(message.find("MuJoCo: mj_stackAlloc: out of memory"), std::string::npos) << message;
  EXPECT_FALSE(std::filesystem::exists("MUJOCO_LOG.TXT"));
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
                                         std::numeric_limits<double>::infinity(), 1e11),
                         [](const auto& test) {
                           if (std::isnan(test.param)) return "NaN";
                           return std::isinf(test.param) ? "Infinity" : "Huge";
                         });

}  // namespace
}  // namespace anole
