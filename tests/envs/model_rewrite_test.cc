// The rewritten model is another one, moves equally in every bit, and is not used where it does
// not.
#include "envs/model_rewrite.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "envs/model_files.h"
#include "envs/same_motion.h"

namespace anole {
namespace {

// One tree of bodies with all that decides which geoms touch and how: unnamed geoms, several geoms
// a body (which are ordered by type), masks, parents, welded bodies, an exclusion, an explicit
// pair, and geoms that differ in each parameter that MuJoCo mixes.
constexpr std::string_view kMixture = R"(
<mujoco>
  <option timestep="0.004"/>
  <worldbody>
    <geom type="plane" size="0 0 1" friction="0.7 0.02 0.003" solref="0.03 0.9" margin="0.01"/>
    <geom type="plane" size="0 0 1" pos="-0.8 0 0" euler="0 70 0" condim="1" contype="2"/>
    <geom name="box" type="box" size="0.2 0.3 0.1" pos="0.4 0 0.1" solmix="3" condim="6"
          solimp="0.8 0.9 0.01 0.4 2" friction="0.3 0.01 0.01"/>
    <geom type="sphere" size="0.3" pos="0 0 -0.05"/>
    <body name="post" pos="0.3 0.4 0.1">
      <geom type="sphere" size="0.15" priority="1" friction="1.2 0.03 0.02" solref="-900 -30"/>
    </body>
    <body name="trunk" pos="0 0 0.5">
      <freejoint/>
      <geom type="capsule" fromto="-0.2 0 0 0.2 0 0" size="0.07" condim="4" gap="0.02"/>
      <geom type="sphere" size="0.1" pos="0.25 0 0.05" friction="0.2 0.001 0.005" solmix="0.5"/>
      <body name="left" pos="-0.2 0.1 0">
        <joint name="left" axis="0 1 0" damping="0.3"/>
        <geom type="capsule" fromto="0 0 0 -0.1 0 -0.3" size="0.05" solref="-1500 -60"/>
        <body name="left_tip" pos="-0.1 0 -0.3">
          <joint name="left_tip" axis="1 0 0" damping="0.3"/>
          <geom type="box" size="0.06 0.06 0.06" margin="0.02" gap="0.01" solmix="0"/>
          <geom type="sphere" size="0.07" pos="0.1 0 0" priority="-1" friction="0.9 0.1 0.1"/>
        </body>
        <body name="welded" pos="0 0.1 0">
          <geom type="sphere" size="0.06" contype="3"/>
        </body>
      </body>
      <body name="right" pos="0.1 -0.1 0">
        <joint name="right" axis="0 1 0" damping="0.3"/>
        <geom name="shin" type="capsule" fromto="0 0 0 0.1 0 -0.3" size="0.05" solmix="0"
              adhesion="2"/>
        <body name="right_tip" pos="0.1 0 -0.3">
          <joint name="right_tip" axis="1 0 0" damping="0.3"/>
          <geom name="foot" type="sphere" size="0.08" friction="0.5 0.002 0.001"/>
          <geom type="sphere" size="0.05" pos="-0.1 0.1 0" condim="1" priority="1"
                contype="4" conaffinity="2"/>
        </body>
      </body>
    </body>
  </worldbody>
  <contact>
    <exclude body1="left_tip" body2="right_tip"/>
    <exclude body1="left_tip" body2="trunk"/>
    <pair geom1="foot" geom2="box" friction="2 2 0.01 0.002 0.002" solref="0.01 1"/>
  </contact>
  <actuator>
    <motor joint="left" gear="6" ctrlrange="-1 1"/>
    <motor joint="left_tip" gear="3" ctrlrange="-1 1"/>
    <motor joint="right" gear="6" ctrlrange="-1 1"/>
    <motor joint="right_tip" gear="3"/>
  </actuator>
</mujoco>)";

// Two free bodies, whose islands are solved one by one.
constexpr const char* kTwoIslands = R"(
<mujoco>
  <worldbody>
    <geom type="plane" size="0 0 1"/>
    <body pos="0 0 0.2"><freejoint/><geom type="box" size="0.1 0.2 0.1"/></body>
    <body pos="2 0 0.2"><freejoint/><geom type="capsule" size="0.1 0.2"/></body>
  </worldbody>
</mujoco>)";

ModelPtr Rewrite(std::string_view xml) {
  const SpecPtr spec = ParseModel(xml, "test.xml");
  const ModelPtr model = CompileModel(*spec, "test.xml");
  return RewriteModel(*spec, *model).model;
}

bool CanTouchDynamically(const mjModel& model) {
  const auto any = [&](const int* masks) {
    return std::any_of(masks, masks + model.ngeom, [](int mask) { return mask != 0; });
  };
  return any(model.geom_contype) || any(model.geom_conaffinity);
}

// 1,000 control steps from a random state, by other means than the replay at load. The solver's
// warm start goes on from step to step, and is compared.
void ExpectSameMotion(const mjModel& plain, const mjModel& faster, unsigned seed) {
  const DataPtr ours = MakeData(plain);
  const DataPtr theirs = MakeData(faster);
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> action(-1.5, 1.5);
  for (int i = 0; i < plain.nv; ++i) ours->qvel[i] = theirs->qvel[i] = normal(random);
  const auto same = [](const mjtNum* values, const mjtNum* others, mjtSize size) {
    return std::memcmp(values, others, static_cast<std::size_t>(size) * sizeof(mjtNum)) == 0;
  };
  int contacts = 0;
  for (int step = 0; step < 1000; ++step) {
    for (int i = 0; i < plain.nu; ++i) ours->ctrl[i] = theirs->ctrl[i] = action(random);
    for (int substep = 0; substep < 5; ++substep) {
      mj_step(&plain, ours.get());
      mj_step(&faster, theirs.get());
      contacts += ours->ncon;
      ASSERT_EQ(ours->ncon, theirs->ncon) << "in step " << step << " of seed " << seed;
    }
    ASSERT_TRUE(same(ours->qpos, theirs->qpos, plain.nq) &&
                same(ours->qvel, theirs->qvel, plain.nv) &&
                same(ours->qacc, theirs->qacc, plain.nv) &&
                same(ours->qacc_warmstart, theirs->qacc_warmstart, plain.nv) &&
                same(ours->qfrc_constraint, theirs->qfrc_constraint, plain.nv))
        << "in control step " << step << " of seed " << seed;
  }
  EXPECT_GT(contacts, 1000);
  EXPECT_TRUE(IsHealthy(plain, *ours));
}

TEST(ModelRewrite, HalfCheetahMovesEqually) {
  const ModelPtr plain = LoadEmbeddedModel("half_cheetah.xml");
  const ModelPtr faster = LoadFasterEmbeddedModel("half_cheetah.xml").model;
  EXPECT_EQ(plain->npair, 0);
  EXPECT_TRUE(CanTouchDynamically(*plain));
  EXPECT_EQ(faster->npair, 8);  // its geoms, each with the floor
  EXPECT_FALSE(CanTouchDynamically(*faster));
  EXPECT_NE(faster->opt.disableflags & mjDSBL_ISLAND, 0);
  for (const unsigned seed : {0U, 1U, 2U}) ExpectSameMotion(*plain, *faster, seed);
}

TEST(ModelRewrite, GeomsOfAllSortsMoveEqually) {
  const ModelPtr plain = LoadModel(kMixture, "mixture.xml");
  const ModelPtr faster = LoadFasterModel(kMixture, "mixture.xml").model;
  EXPECT_EQ(plain->npair, 1);
  EXPECT_GT(faster->npair, 20);
  EXPECT_FALSE(CanTouchDynamically(*faster));
  for (const unsigned seed : {0U, 1U, 2U, 3U, 4U, 5U}) ExpectSameMotion(*plain, *faster, seed);
}

void ChangeFriction(unsigned seed, mjModel& model) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> factor(0.3, 3);
  for (int i = 0; i < 3 * model.ngeom; ++i) model.geom_friction[i] *= factor(random);
}

// Of a task that changes it: priorities, and pairs that are the model's own, included.
TEST(ModelRewrite, FrictionOfGeomsIsMixedAnew) {
  const ModelPtr plain = LoadModel(kMixture, "mixture.xml");
  const ModelPtr faster = LoadFasterModel(kMixture, "mixture.xml").model;
  ASSERT_GT(faster->npair, 20);
  const DataPtr ours = MakeData(*plain), theirs = MakeData(*faster);
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal(0, 0.7);
  int contacts = 0;
  for (unsigned seed = 0; seed < 100; ++seed) {
    const ModelPtr changed = CopyModel(*plain);
    const ModelPtr mixed = CopyModel(*faster);
    for (mjModel* model : {changed.get(), mixed.get()}) {
      ChangeFriction(seed, *model);
      MixFriction(*model);
    }
    for (int i = 0; i < plain->nq; ++i) {
      ours->qpos[i] = theirs->qpos[i] = plain->qpos0[i] + (i < 3 ? 0.3 : 1) * normal(random);
    }
    mj_fwdPosition(changed.get(), ours.get());
    mj_fwdPosition(mixed.get(), theirs.get());
    ASSERT_EQ(ours->ncon, theirs->ncon);
    for (int i = 0; i < ours->ncon; ++i) {
      for (int k = 0; k < 5; ++k) {
        ASSERT_EQ(ours->contact[i].friction[k], theirs->contact[i].friction[k]);
      }
      ++contacts;
    }
  }
  EXPECT_GT(contacts, 200);
}

TEST(ModelRewrite, ABodyOfAnotherFrictionMovesEqually) {
  const ModelPtr plain = LoadEmbeddedModel("half_cheetah.xml");
  const ModelPtr faster =
      LoadFasterEmbeddedModel("half_cheetah.xml",
                              {[](mjModel& model) { ChangeFriction(9, model); }})
          .model;
  EXPECT_EQ(faster->npair, 8);
  for (mjModel* model : {plain.get(), faster.get()}) {
    ChangeFriction(3, *model);
    MixFriction(*model);
  }
  ExpectSameMotion(*plain, *faster, 1);
}

TEST(ModelRewrite, IsNotUsedWhereATaskChangesWhatDoesNotFollow) {
  const auto change = [](mjModel& model) {
    for (int i = 0; i < model.ngeom; ++i) model.geom_solref[2 * i] *= 2;
  };
  EXPECT_EQ(LoadFasterModel(kMixture, "mixture.xml", {change}).model->npair, 1);
}

TEST(ModelRewrite, IsNotUsedWhereIslandsAreSolvedApart) {
  const ModelPtr plain = LoadModel(kTwoIslands, "islands.xml");
  const ModelPtr used = LoadFasterModel(kTwoIslands, "islands.xml").model;
  EXPECT_EQ(used->npair, 0);
  EXPECT_TRUE(CanTouchDynamically(*used));
  used->opt.disableflags |= mjDSBL_ISLAND;
  EXPECT_FALSE(SameMotion(*plain, *used)) << "solved together";
  // Where there are none anyway, it is.
  std::string together(kTwoIslands);
  const std::string world = "<worldbody>";
  together.replace(together.find(world), world.size(),
                   "<option><flag island='disable'/></option>" + world);
  const ModelPtr model = LoadModel(together, "islands.xml");
  const ModelPtr faster = LoadFasterModel(together, "islands.xml").model;
  EXPECT_EQ(faster->npair, 3);
  ExpectSameMotion(*model, *faster, 0);
}

// Each of these is a mistake that a rewrite could make: the replay at load must find it.
TEST(ModelRewrite, IsNotUsedWhereAPairIsWrong) {
  const std::string_view xml = ModelXml("half_cheetah.xml");
  const auto is_used = [&](auto spoil) {
    ModelPtr rewritten = Rewrite(xml);
    spoil(*rewritten);
    const mjModel* const candidate = rewritten.get();
    ChosenModel chosen =
        FasterModel(LoadModel(xml, "test.xml"), {std::move(rewritten), "by a faster one"});
    EXPECT_EQ(chosen.told.find("by a faster one") == 0, chosen.model.get() == candidate);
    return chosen.model.get() == candidate;
  };
  EXPECT_TRUE(is_used([](mjModel&) {}));
  for (int pair = 0; pair < 8; ++pair) {  // so the replay sees all of them touch
    SCOPED_TRACE(pair);
    EXPECT_FALSE(is_used([&](mjModel& model) { model.pair_friction[5 * pair] *= 1 + 1e-15; }));
    EXPECT_FALSE(is_used([&](mjModel& model) { model.pair_margin[pair] = 1e-15; }));
  }
  EXPECT_FALSE(is_used([](mjModel& model) { model.pair_dim[3] = 1; }));
  EXPECT_FALSE(is_used([](mjModel& model) { --model.npair; }));
  EXPECT_FALSE(is_used([](mjModel& model) {  // the same contacts in another order
    std::reverse(model.pair_geom1, model.pair_geom1 + model.npair);
    std::reverse(model.pair_geom2, model.pair_geom2 + model.npair);
  }));
  EXPECT_EQ(FasterModel(LoadModel(xml, "test.xml"), {nullptr, "why"}).model->npair, 0);
}

TEST(ModelRewrite, IsNotUsedWhereNothingTouched) {
  constexpr const char* kFarApart = R"(
<mujoco>
  <worldbody>
    <geom type="plane" size="0 0 1"/>
    <body pos="0 0 900"><joint type="slide" axis="0 0 1"/><geom type="sphere" size="0.1"/></body>
  </worldbody>
</mujoco>)";
  EXPECT_EQ(Rewrite(kFarApart)->npair, 1);
  EXPECT_EQ(LoadFasterModel(kFarApart, "apart.xml").model->npair, 0);
}

TEST(ModelRewrite, TellsWhetherItIsInUseAndWhyNot) {
  const auto told = [](std::string_view xml, const std::vector<ModelChange>& changes = {}) {
    return LoadFasterModel(xml, "test.xml", changes).told;
  };
  EXPECT_EQ(told(ModelXml("half_cheetah.xml")),
            "by a faster model, the same in every bit (8 pairs of geoms)");
  EXPECT_EQ(told(kTwoIslands),
            "by the plain model, for no faster one is used: what moves does not hang together, and "
            "its islands are solved one by one");
  const auto change = [](mjModel& model) { model.geom_solref[0] *= 2; };
  EXPECT_NE(told(ModelXml("half_cheetah.xml"), {change}).find(", with the dynamics of a task"),
            std::string::npos);
  EXPECT_EQ(told(R"(<mujoco><option><flag sleep="enable"/></option><worldbody>
      <body><freejoint/><geom size="1"/></body></worldbody></mujoco>)"),
            "by the plain model, for no faster one is used: bodies may sleep");
  std::string crowd = "<mujoco><worldbody><geom type='plane' size='9 9 1'/>";
  for (int i = 0; i < 21; ++i) {
    crowd += "<body pos='" + std::to_string(i) + " 0 1'><freejoint/><geom size='.1'/></body>";
  }
  EXPECT_EQ(told(crowd + "</worldbody></mujoco>"),
            "by the plain model, for no faster one is used: 231 pairs of geoms may touch, too many "
            "for it to pay");
}

}  // namespace
}  // namespace anole
