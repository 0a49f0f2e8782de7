// Our bodies move as Gymnasium's do, in every bit: so returns on them can be compared with
// published ones. Gymnasium's files come from tools/fetch_python; without them, this is skipped.
#include <gtest/gtest.h>
#include <mujoco/mjxmacro.h>
#include <mujoco/mujoco.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iterator>
#include <limits>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "envs/model_files.h"
#include "envs/mujoco.h"

#ifndef MJOPTION_FIELDS  // MuJoCo 3.5, for which the test is skipped
#define MJOPTION_FIELDS
#endif

namespace anole {
namespace {

// Earlier MuJoCos compile Gymnasium's inertias to other last digits than ours, which are written.
constexpr int kOldestMujoco = 3014000;

// A model of ours, and the one of Gymnasium that it must equal.
struct Body {
  std::string ours;
  std::string theirs;
  int physics_steps;        // per control step
  double reset_noise = .1;  // of positions [m, rad] and velocities [m/s, rad/s]
  bool touches = true;      // something, within 1,000 control steps of random actions
};

void PrintTo(const Body& body, std::ostream* out) { *out << body.ours; }

const std::vector<Body> kBodies = {
    {.ours = "ant.xml", .theirs = "ant.xml", .physics_steps = 5},
    {.ours = "humanoid.xml", .theirs = "humanoid.xml", .physics_steps = 5, .reset_noise = .01},
    {.ours = "half_cheetah.xml", .theirs = "half_cheetah.xml", .physics_steps = 5},
    {.ours = "walker.xml", .theirs = "walker2d_v5.xml", .physics_steps = 4, .reset_noise = 5e-3},
    {.ours = "hopper.xml", .theirs = "hopper.xml", .physics_steps = 4, .reset_noise = 5e-3},
    {.ours = "swimmer.xml", .theirs = "swimmer.xml", .physics_steps = 4, .touches = false},
    {.ours = "reacher.xml", .theirs = "reacher.xml", .physics_steps = 2, .touches = false},
};

// Where fetch_gymnasium has put a model, or why it is not there.
struct Assets {
  std::filesystem::path model;
  std::string problem;  // empty: `model` exists
};

Assets FindAssets(const std::string& name) {
  const char* const folder = std::getenv("ANOLE_GYMNASIUM_ASSETS");
  std::string source = "ANOLE_GYMNASIUM_ASSETS";
  std::filesystem::path model;
  if (folder != nullptr) {
    model = folder;
  } else {
#ifdef ANOLE_GYMNASIUM_ASSETS_DIR
    model = ANOLE_GYMNASIUM_ASSETS_DIR;
    source = "tools/fetch_python gymnasium";
#else
    return {{}, "set ANOLE_GYMNASIUM_ASSETS to the folder of Gymnasium's models"};
#endif
  }
  model /= name;
  if (std::filesystem::exists(model)) return {model, ""};
  return {{}, "no " + model.string() + " (from " + source + ")"};
}

// What is only seen, or only names and counts the things seen. All else must be equal.
bool OnlySeen(std::string_view field) {
  static constexpr std::array kPrefixes = {"cam_", "light_", "mat_", "tex_", "name_"};
  static constexpr std::array kFields = {
      "geom_matid", "geom_rgba",  "geom_user", "names",  "names_map",  // arrays
      "ncam",       "nlight",     "nmat",      "ntex",   "ntexdata",   // sizes
      "nnames",     "nnames_map", "npaths",    "narena", "nbuffer",   "nuser_geom"};
  return std::ranges::any_of(kPrefixes, [&](auto prefix) { return field.starts_with(prefix); }) ||
         std::ranges::find(kFields, field) != kFields.end();
}

// What is there for programs (numbers, keyframes), and tendons: ExpectIdleTendons sees to those.
bool Idle(std::string_view field) {
  static constexpr std::array kPrefixes = {"numeric_", "key_", "tendon_", "ten_", "wrap_"};
  static constexpr std::array kSizes = {"nnumeric", "nnumericdata", "nkey",
                                        "ntendon",  "nwrap",        "nJten"};
  return std::ranges::any_of(kPrefixes, [&](auto prefix) { return field.starts_with(prefix); }) ||
         std::ranges::find(kSizes, field) != kSizes.end();
}

// We have none, and theirs act on nothing. (That no motor pulls at one shows in actuator_trntype.)
void ExpectIdleTendons(const mjModel& ours, const mjModel& theirs) {
  EXPECT_EQ(ours.ntendon, 0);
  for (int i = 0; i < theirs.ntendon; ++i) {
    EXPECT_EQ(theirs.tendon_stiffness[i], 0);
    EXPECT_EQ(theirs.tendon_damping[i], 0);
    EXPECT_EQ(theirs.tendon_frictionloss[i], 0);
    EXPECT_EQ(theirs.tendon_limited[i], 0);
    EXPECT_EQ(theirs.tendon_armature[i], 0);
  }
}

// Fails for each element that differs in any bit; -0 is not 0. `first` rows are passed over.
template <class T>
void ExpectSameBits(std::string_view field, const T* ours, const T* theirs, mjtSize rows,
                    mjtSize columns, mjtSize first = 0) {
  using Bytes = std::array<std::byte, sizeof(T)>;
  for (mjtSize i = first * columns; i < rows * columns; ++i) {
    if (std::bit_cast<Bytes>(ours[i]) == std::bit_cast<Bytes>(theirs[i])) continue;
    ADD_FAILURE() << std::setprecision(std::numeric_limits<double>::max_digits10) << field << "["
                  << i / columns << "][" << i % columns << "]: ours " << +ours[i]
                  << ", Gymnasium's " << +theirs[i];
  }
}
template <class T>
  requires std::is_arithmetic_v<T>
void ExpectSameBits(std::string_view field, T ours, T theirs) {
  ExpectSameBits(field, &ours, &theirs, 1, 1);
}
template <class T, std::size_t kSize>
void ExpectSameBits(std::string_view field, const T (&ours)[kSize], const T (&theirs)[kSize]) {
  ExpectSameBits(field, ours, theirs, kSize, 1);
}

class ModelParityTest : public testing::TestWithParam<Body> {
 protected:
  void SetUp() override {
    if (mj_version() < kOldestMujoco) GTEST_SKIP() << "needs MuJoCo 3.14 or newer";
    const Assets assets = FindAssets(GetParam().theirs);
    if (!assets.problem.empty()) GTEST_SKIP() << assets.problem;
    std::ifstream file(assets.model);
    const std::string xml{std::istreambuf_iterator<char>(file), {}};
    ours_ = LoadEmbeddedModel(GetParam().ours);
    theirs_ = LoadModel(xml, assets.model.string());  // its warning (settotalmass) stays unheard
  }

  // 1,000 control steps of random actions from about where Gymnasium begins, `x` [m] along.
  void ExpectSameMotion(unsigned seed, double x) const {
    const DataPtr ours = MakeData(*ours_);
    const DataPtr theirs = MakeData(*theirs_);
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> noise(-1, 1);
    std::normal_distribution<double> normal;
    std::uniform_real_distribution<double> action(-1, 1);  // beyond the range of humanoid's motors
    const double scale = GetParam().reset_noise;
    for (int i = 0; i < ours_->nq; ++i) ours->qpos[i] += scale * noise(random);
    for (int i = 0; i < ours_->nv; ++i) ours->qvel[i] = scale * normal(random);
    ours->qpos[0] += x;
    mj_normalizeQuat(ours_.get(), ours->qpos);
    std::copy_n(ours->qpos, ours_->nq, theirs->qpos);
    std::copy_n(ours->qvel, ours_->nv, theirs->qvel);

    int contacts = 0;
    for (int step = 0; step < 1000; ++step) {
      for (int i = 0; i < ours_->nu; ++i) ours->ctrl[i] = theirs->ctrl[i] = action(random);
      for (int substep = 0; substep < GetParam().physics_steps; ++substep) {
        mj_step(ours_.get(), ours.get());
        mj_step(theirs_.get(), theirs.get());
        contacts += ours->ncon;
      }
      ExpectSameBits("qpos", ours->qpos, theirs->qpos, ours_->nq, 1);
      ExpectSameBits("qvel", ours->qvel, theirs->qvel, ours_->nv, 1);
      ASSERT_FALSE(HasFailure()) << "in control step " << step << " of seed " << seed;
    }
    EXPECT_EQ(contacts > 0, GetParam().touches);
    EXPECT_TRUE(IsHealthy(*ours_, *ours));
  }

  ModelPtr ours_;
  ModelPtr theirs_;
};

TEST_P(ModelParityTest, EveryConstantThatActsOnTheMotionIsEqual) {
  const mjModel& ours = *ours_;
  const mjModel& theirs = *theirs_;

#define X(name) \
  if (!OnlySeen(#name) && !Idle(#name)) ExpectSameBits(#name, ours.name, theirs.name);
  MJMODEL_SIZES
#undef X
  ASSERT_FALSE(HasFailure()) << "arrays of different sizes are not compared";

#define X(type, name, size) ExpectSameBits("opt." #name, ours.opt.name, theirs.opt.name);
#define XVEC X
  MJOPTION_FIELDS
#undef XVEC
#undef X

  // stat.extent and stat.center serve the display only.
  ExpectSameBits("stat.meaninertia", ours.stat.meaninertia, theirs.stat.meaninertia);
  ExpectSameBits("stat.meanmass", ours.stat.meanmass, theirs.stat.meanmass);
  ExpectSameBits("stat.meansize", ours.stat.meansize, theirs.stat.meansize);

  // The size of a plane is drawn, never collided with: ours is endless (geom 0 is the floor).
#undef MJ_M
#define MJ_M(size) ours.size
#define X(type, name, rows, columns)                                          \
  if (!OnlySeen(#name) && !Idle(#name)) {                                     \
    ExpectSameBits(#name, ours.name, theirs.name, ours.rows, columns,         \
                   /*first=*/std::string_view(#name) == "geom_size" ? 1 : 0); \
  }
  MJMODEL_POINTERS
#undef X
  ASSERT_EQ(ours.geom_type[0], mjGEOM_PLANE);
  ExpectIdleTendons(ours, theirs);
}

TEST_P(ModelParityTest, RandomActionsMoveItEqually) {
  for (const unsigned seed : {0U, 1U, 2U}) ExpectSameMotion(seed, /*x=*/0);
}

// Gymnasium's floor is drawn up to x = 40 m.
TEST_P(ModelParityTest, RandomActionsMoveItEquallyFarOut) { ExpectSameMotion(3, /*x=*/90); }

std::vector<std::string> warnings;

// A warning announces what a later MuJoCo will refuse. Needs no Gymnasium.
class ModelTest : public testing::TestWithParam<Body> {};

TEST_P(ModelTest, CompilesWithoutWarning) {
  warnings.clear();
  const auto handler = mju_user_warning;
  mju_user_warning = [](const char* message) { warnings.emplace_back(message); };
  std::array<char, 1024> error{};
  mjSpec* spec = mj_parseXMLString(std::string(ModelXml(GetParam().ours)).c_str(), nullptr,
                                   error.data(), static_cast<int>(error.size()));
  const ModelPtr model(spec == nullptr ? nullptr : mj_compile(spec, nullptr));
  mj_deleteSpec(spec);
  mju_user_warning = handler;
  EXPECT_NE(model, nullptr);
  EXPECT_STREQ(error.data(), "");
  EXPECT_EQ(warnings, std::vector<std::string>{});
}

std::string NameOf(const testing::TestParamInfo<Body>& test) {
  return test.param.ours.substr(0, test.param.ours.find('.'));
}
INSTANTIATE_TEST_SUITE_P(Bodies, ModelParityTest, testing::ValuesIn(kBodies), NameOf);
INSTANTIATE_TEST_SUITE_P(Bodies, ModelTest, testing::ValuesIn(kBodies), NameOf);

}  // namespace
}  // namespace anole
