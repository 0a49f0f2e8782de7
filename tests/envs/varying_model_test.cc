// What varies from episode to episode is put back, all else is shared.
#include "envs/varying_model.h"

#include <gtest/gtest.h>
#include <mujoco/mjxmacro.h>

#include <cstring>

#include "envs/task_model.h"
#include "tests/envs/every_family.h"

namespace anole {
namespace {

// NOLINTBEGIN(cppcoreguidelines-macro-usage): MuJoCo lists the arrays by a macro
// The names of all arrays that differ.
std::string Differing(const mjModel& model, const mjModel& other) {
  std::string names;
  const auto compare = [&](const char* name, const auto* values, const auto* others, mjtSize size) {
    const auto bytes = static_cast<std::size_t>(size) * sizeof(*values);
    if (bytes > 0 && std::memcmp(values, others, bytes) != 0) names += std::string(name) + " ";
  };
#undef MJ_M
#define MJ_M(n) model.n
#define X(type, name, rows, columns) \
  compare(#name, model.name, other.name, mjtSize{model.rows} * (columns));
  MJMODEL_POINTERS
#undef X
  if (std::memcmp(&model.opt, &other.opt, sizeof(model.opt)) != 0) names += "opt ";
  if (std::memcmp(&model.stat, &other.stat, sizeof(model.stat)) != 0) names += "stat ";
  return names;
}
// NOLINTEND(cppcoreguidelines-macro-usage)

TEST(VaryingModel, EveryFamilyLeavesItsOwnModelAsItIs) {
  int varying = 0;
  for (const std::string& name : EveryFamilyName()) {
    const auto family = MakeFamily(name);
    if (!family->varies_model()) continue;
    ++varying;
    const ModelPtr before = CopyModel(family->model());
    const Matrix tasks = SampleTasks(*family, 1, Phase::kTrain, {.count = 5});
    TaskModel model(*family);
    const DataPtr data = MakeData(family->model());
    std::string changed;
    for (int i = 0; i < 5; ++i) {
      changed += Differing(model.Prepare(tasks.col(i), {.rollout = i}, *data), *before);
    }
    EXPECT_NE(changed, "") << name;
    EXPECT_EQ(Differing(family->model(), *before), "") << name;
  }
  EXPECT_GE(varying, 4);
}

// Of all that MuJoCo recomputes, whatever was changed: with a mesh, a flex, a tendon, equalities.
TEST(VaryingModel, IsRestoredInEveryBit) {
  const ModelPtr original = LoadModel(R"(<mujoco>
    <asset>
      <mesh name="m" vertex="0 0 0 .1 0 0 0 .2 0 0 0 .3"/>
      <hfield name="h" nrow="200" ncol="200" size="1 1 1 1"/>
    </asset>
    <worldbody>
      <geom name="floor" type="plane" size="5 5 .1"/><site name="a" pos="0 0 1"/>
      <camera mode="trackcom" pos="0 0 3"/><light mode="trackcom" pos="0 0 3"/>
      <body name="ball" pos="0 0 1"><freejoint/><geom type="mesh" mesh="m"/><site name="b"/>
        <body name="arm" pos=".3 0 0"><joint name="j"/><geom size=".1"/></body>
      </body>
      <body name="other" pos="1 0 1"><joint type="ball"/><geom size=".1"/></body>
    </worldbody>
    <tendon><spatial><site site="a"/><site site="b"/></spatial></tendon>
    <equality><connect body1="ball" body2="other" anchor=".5 0 0"/></equality>
    <deformable><flex name="string" dim="1" body="ball arm" vertex="0 0 0  0 0 0" element="0 1"/>
    </deformable>
    <actuator><motor joint="j"/></actuator>
    <keyframe><key qpos="0 0 2 1 0 0 0 .1 1 0 0 0"/></keyframe>
  </mujoco>)",
                                      "test.xml");
  ASSERT_EQ(original->nflex, 1);
  const ModelPtr before = CopyModel(*original);
  VaryingModel varying(*original);
  EXPECT_LT(varying.bytes(), static_cast<std::size_t>(mj_sizeModel(original.get())));
  EXPECT_EQ(varying.Restore().mesh_vert, original->mesh_vert);
  EXPECT_EQ(varying.Restore().names, original->names);
  for (int i = 0; i < 3; ++i) {
    mjModel& model = varying.Restore();
    ASSERT_EQ(Differing(model, *before), "");
    for (int body = 1; body < model.nbody; ++body) {
      model.body_mass[body] *= 2 + i;
      if (model.body_simple[body] == 0) model.body_ipos[3 * body] += 0.1;
    }
    for (int k = 0; k < model.nq; ++k) model.qpos0[k] += 0.01;
    for (int k = 0; k < model.nv; ++k) model.dof_armature[k] += 0.1;
    model.opt.gravity[2] = -1;
    model.geom_friction[0] = 3;
    mj_setConst(&model, MakeData(model).get());
    ASSERT_NE(Differing(model, *before), "");
    ASSERT_EQ(Differing(*original, *before), "");
  }
}

}  // namespace
}  // namespace anole
