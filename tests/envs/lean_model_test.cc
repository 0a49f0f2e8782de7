// A lean model holds what acts on the motion, and nothing else.
#include "envs/lean_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "envs/model_files.h"

namespace anole {
namespace {

// A leg whose bodies get their mass from geoms that are only seen.
constexpr std::string_view kLeg = R"(
<mujoco>
  OPTION
  <asset>
    <texture name="tiles" type="2d" builtin="checker" width="64" height="64"/>
    <material name="tiles" texture="tiles"/>
    <mesh name="shell" vertex="0 0 0 .1 0 0 0 .2 0 0 0 .3"/>
    <mesh name="tip" vertex="0 0 0 .1 0 0 0 .1 0 0 0 .1"/>
    <mesh name="house" vertex="0 0 0 1 0 0 0 1 0 0 0 1"/>
    <mesh name="ball" vertex="0 0 0 .03 0 0 0 .03 0 0 0 .03"/>
  </asset>
  <worldbody>
    <light pos="0 0 3"/>
    <camera name="eye" pos="0 -3 1"/>
    <geom name="floor" type="plane" size="5 5 .1" material="tiles"/>
    <geom name="house" type="mesh" mesh="house" pos="3 0 0"/>
    <body name="post" pos="-2 0 .1"><geom name="post" size=".1"/></body>
    <body name="trunk" pos="0 0 .5">
      <freejoint/>
      <geom name="shell" type="mesh" mesh="shell" contype="0" conaffinity="0" density="900"/>
      <geom name="seen" type="ellipsoid" size=".2 .1 .05" contype="0" conaffinity="0" mass="1.3"
            euler="20 30 40" MORE/>
      <geom name="box" type="box" size=".1 .1 .05" pos=".1 .03 0" mass=".7"/>
      <site name="low" pos="0 0 -.05"/>
      <body name="shin" pos="0 0 -.1">
        <joint name="knee" axis="0 1 0" damping=".1"/>
        <geom name="fitted" type="mesh" mesh="tip" contype="0" conaffinity="0" mass=".2"/>
        <geom name="foot" type="mesh" mesh="ball" pos="0 0 -.2" mass=".1"/>
        <geom name="marker" size=".03" contype="0" conaffinity="0" group="3" mass="0"/>
      </body>
    </body>
  </worldbody>
  <actuator><motor joint="knee" gear="3" ctrlrange="-1 1"/></actuator>
  REST
</mujoco>)";

std::string Leg(const std::string& rest = "", const std::string& option = "",
                const std::string& more = "") {
  std::string xml(kLeg);
  for (const auto& [mark, text] :
       {std::pair<std::string, std::string>{"OPTION", option}, {"MORE", more}, {"REST", rest}}) {
    xml.replace(xml.find(mark), mark.size(), text);
  }
  return xml;
}

LeanModel Lean(const std::string& xml, const mjModel& full) {
  return MakeLean([&] { return ParseModel(xml, "test.xml"); }, full, "test.xml");
}

ModelPtr Full(const std::string& xml) {
  return CompileModel(*ParseModel(xml, "test.xml"), "test.xml");
}

std::string GeomNames(const mjModel& model) {
  std::string names;
  for (int i = 0; i < model.ngeom; ++i) names += NameOf(model, mjOBJ_GEOM, i) + " ";
  return names;
}

std::string KeptGeoms(const std::string& xml) { return GeomNames(*Lean(xml, *Full(xml)).model); }

TEST(LeanModel, HoldsOnlyWhatActs) {
  const ModelPtr full = Full(Leg());
  const LeanModel lean = Lean(Leg(), *full);
  EXPECT_EQ(full->ngeom, 9);
  // The house and the post stand, as the floor does: none of them ever touches another.
  EXPECT_EQ(GeomNames(*lean.model), "floor house post box foot ");
  EXPECT_EQ(lean.geoms, (std::vector<int>{0, 1, 2, 5, 7}));
  EXPECT_EQ(lean.model->nmesh, 2);
  EXPECT_EQ(lean.model->ntex + lean.model->nmat + lean.model->nlight + lean.model->ncam, 0);
  EXPECT_EQ(lean.model->nsite, 1);
  EXPECT_EQ(lean.told, "without 4 geoms and 2 meshes that act on nothing");
}

TEST(LeanModel, MovesEquallyInEveryBit) {
  const ModelPtr full = Full(Leg());
  const ModelPtr lean = Lean(Leg(), *full).model;
  const DataPtr data = MakeData(*full), lean_data = MakeData(*lean);
  int contacts = 0;
  for (int step = 0; step < 3000; ++step) {
    data->ctrl[0] = lean_data->ctrl[0] = std::sin(0.01 * step * step);
    mj_step(full.get(), data.get());
    mj_step(lean.get(), lean_data.get());
    ASSERT_EQ(std::memcmp(data->qpos, lean_data->qpos, sizeof(mjtNum) * 8), 0) << step;
    ASSERT_EQ(std::memcmp(data->qacc, lean_data->qacc, sizeof(mjtNum) * 7), 0) << step;
    contacts += data->ncon;
  }
  EXPECT_GT(contacts, 1000);
}

TEST(LeanModel, CompilesAnewToTheSame) {
  const LeanModel lean = Lean(Leg(), *Full(Leg()));
  const ModelPtr again = CompileModel(*lean.spec, "test.xml");
  EXPECT_EQ(GeomNames(*again), GeomNames(*lean.model));
  EXPECT_EQ(std::memcmp(again->body_inertia, lean.model->body_inertia,
                        sizeof(mjtNum) * 3 * static_cast<std::size_t>(again->nbody)),
            0);
}

// A geom that is in no list of what may touch, but named elsewhere.
TEST(LeanModel, KeepsWhatIsReferredTo) {
  const auto kept = [](const std::string& rest) { return KeptGeoms(Leg(rest)); };
  EXPECT_EQ(kept("<sensor><framepos objtype='geom' objname='marker'/></sensor>"),
            "floor house post box foot marker ");
  EXPECT_EQ(kept("<sensor><distance geom1='marker' geom2='floor' cutoff='1'/></sensor>"),
            "floor house post box foot marker ");
  EXPECT_EQ(kept("<contact><pair geom1='seen' geom2='floor'/></contact>"),
            "floor house post seen box foot ");
  EXPECT_EQ(kept("<tendon><spatial stiffness='1'><site site='low'/><geom geom='marker'/>"
                 "<site site='low'/></spatial></tendon>"),
            "floor house post box foot marker ");
  const std::string camera = "<sensor><framepos objtype='camera' objname='eye'/></sensor>";
  EXPECT_EQ(Lean(Leg(camera), *Full(Leg(camera))).model->ncam, 1);
}

TEST(LeanModel, KeepsAllWhereWhatIsOnlySeenActs) {
  const auto told = [](const std::string& xml) {
    const ModelPtr full = Full(xml);
    const LeanModel lean = Lean(xml, *full);
    EXPECT_EQ(lean.model->ngeom, full->ngeom);
    EXPECT_EQ(lean.model->nmat, 0);
    return lean.told;
  };
  EXPECT_EQ(told(Leg("<sensor><rangefinder site='low'/></sensor>")),
            "with all geoms: range finders see them");
  EXPECT_EQ(told(Leg("<sensor><distance body1='trunk' geom2='floor' cutoff='1'/></sensor>")),
            "with all geoms: distances of bodies are measured");
  EXPECT_EQ(told(Leg("", "<option density='1.2'/>", "fluidshape='ellipsoid'")),
            "with all geoms: a fluid flows around them");
  // Of a fluid that only knows the boxes of inertia they give nothing but these.
  EXPECT_EQ(KeptGeoms(Leg("", "<option density='1.2'/>")), "floor house post box foot ");
}

TEST(LeanModel, SaysNothingOfWhatHasNothingToLeaveOut) {
  const std::string xml(ModelXml("half_cheetah.xml"));
  const ModelPtr full = Full(xml);
  const LeanModel lean = Lean(xml, *full);
  EXPECT_EQ(lean.model->ngeom, full->ngeom);
  EXPECT_EQ(lean.told, "");
}

// Nor looks: elements of what was only read have no numbers yet.
TEST(LeanModel, KnowsTheGeomsOfWhatHasNothingToLeaveOut) {
  const std::string xml = R"(<mujoco><worldbody><geom type="plane" size="5 5 .1"/>
    <body pos="0 0 .1"><freejoint/><geom size=".1"/><geom size=".1" pos=".1 0 0"/></body>
  </worldbody></mujoco>)";
  const ModelPtr full = Full(xml);
  EXPECT_EQ(Lean(xml, *full).geoms, (std::vector<int>{0, 1, 2}));
  const std::string house = R"(<mujoco><worldbody><geom type="plane" size="5 5 .1"/>
    <body pos="0 0 .1"><freejoint/><geom size=".1" contype="0" conaffinity="0"/>
      <geom size=".1" pos=".1 0 0"/></body>
  </worldbody></mujoco>)";
  EXPECT_EQ(Lean(house, *Full(house)).geoms, (std::vector<int>{0, 2}));
}

}  // namespace
}  // namespace anole
