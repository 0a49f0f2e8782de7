// Pictures, where there is an OpenGL to draw them; these tests are skipped elsewhere.
#include <gtest/gtest.h>

#include "envs/model_rewrite.h"
#include "tests/configs/error_of.h"
#include "tests/envs/every_family.h"
#include "tools/render/scene_renderer.h"

namespace anole::render {
namespace {

constexpr std::string_view kBody = "half_cheetah.xml";
constexpr const char* kUnnamed = "<mujoco><worldbody><camera/></worldbody></mujoco>";

class SceneTest : public testing::Test {
 protected:
  void SetUp() override {
    try {
      MakeGlContext();
    } catch (const std::exception& error) {
      GTEST_SKIP() << error.what();
    }
  }
  // The body at x [m].
  SceneRenderer::View At(double x) {
    mjData* const data = states_.emplace_back(MakeData(*model_)).get();
    data->qpos[0] = x;
    mj_fwdPosition(model_.get(), data);
    return {.state = data, .caption = {"title", {{"name", "value"}}}};
  }

  // What the body is simulated by.
  ModelPtr model_ = LoadFasterEmbeddedModel(kBody).model;
  std::vector<DataPtr> states_;
};

TEST_F(SceneTest, APictureDependsOnNothingBeforeIt) {
  SceneRenderer renderer(LoadPicturedModel(kBody), 160, 120, Quality::kDraft, "track");
  const Image first = renderer.Draw(At(0), 160, 120);
  // Far away, so that the endless floor is drawn around another place; and of another size.
  const Image other = renderer.Draw(At(100.3), 120, 80);
  const Image again = renderer.Draw(At(0), 160, 120);
  EXPECT_EQ(first.rgb, again.rgb);
  EXPECT_EQ(other.width, 120);
  EXPECT_EQ(other.height, 80);
}

// Whose states of the model that is simulated look like its own.
TEST_F(SceneTest, EveryFamilyHasAModelForPictures) {
  for (const std::string& name : EveryFamilyName()) {
    const auto family = MakeFamily(name);
    const ModelPtr pictured = family->PicturedModel();
    EXPECT_GT(pictured->ntex, 0) << name;
    EXPECT_EQ(family->model().ntex, 0) << name;
    SceneRenderer renderer(family->PicturedModel(), 80, 60, Quality::kDraft, "");
    const auto draw = [&](const mjModel& model) {
      const DataPtr state = MakeData(model);
      mj_fwdPosition(&model, state.get());
      SceneRenderer::View view;
      view.state = state.get();
      return renderer.Draw(view, 80, 60).rgb;
    };
    EXPECT_EQ(draw(family->model()), draw(*pictured)) << name;
  }
}

TEST_F(SceneTest, SkyIsUpAndTheFloorDown) {
  SceneRenderer renderer(LoadPicturedModel(kBody), 160, 120, Quality::kDraft, "track");
  const Image image = renderer.Draw(At(0), 160, 120);
  const unsigned char* const sky = image.row(2) + std::ptrdiff_t{3} * 155;
  const unsigned char* const floor = image.row(117) + std::ptrdiff_t{3} * 155;
  EXPECT_GT(sky[2], sky[0]);      // more blue than red
  EXPECT_GT(floor[0], floor[2]);  // more red than blue
}

// Shadows take as long as all the rest of a draft.
TEST_F(SceneTest, OnlyFullQualityHasShadows) {
  const auto dark = [&](Quality quality) {
    SceneRenderer renderer(LoadPicturedModel(kBody), 160, 120, quality, "track");
    const Image image = renderer.Draw(At(0), 160, 120);
    int count = 0;
    for (int x = 0; x < 160; ++x) {
      for (int y = 60; y < 120; ++y) {  // the floor; the body is green and brown
        const unsigned char* const pixel = image.row(y) + std::ptrdiff_t{3} * x;
        if (pixel[0] < 90 && pixel[1] < 90 && pixel[2] > pixel[0] - 20) ++count;
      }
    }
    return count;
  };
  EXPECT_GT(dark(Quality::kFull), dark(Quality::kDraft) + 20);
}

TEST_F(SceneTest, DrawsMarksAndWords) {
  SceneRenderer renderer(LoadPicturedModel(kBody), 160, 120, Quality::kDraft, "track");
  SceneRenderer::View view = At(0);
  const Image plain = renderer.Draw(view, 160, 120);
  view.caption.lines[0].value = "another";
  const Image other_words = renderer.Draw(view, 160, 120);
  EXPECT_NE(plain.rgb, other_words.rgb);
  mjvGeom mark{};
  const double size[3] = {0.1, 0.1, 0.1}, position[3] = {0, 0, 1};
  mjv_initGeom(&mark, mjGEOM_SPHERE, size, position, nullptr, nullptr);
  view.marks = {mark};
  EXPECT_NE(renderer.Draw(view, 160, 120).rgb, other_words.rgb);
}

// Of a robot of somebody's own.
TEST_F(SceneTest, FollowsABodyWithoutACamera) {
  const ModelPtr model = LoadModel(R"(<mujoco><worldbody>
    <light pos="0 0 5"/>
    <geom type="plane" size="50 50 .1" rgba=".2 .2 .2 1"/>
    <body pos="0 0 .3"><freejoint/><geom type="box" size=".3 .2 .1" rgba="1 0 0 1"/></body>
  </worldbody></mujoco>)",
                                   "box");
  SceneRenderer renderer(CopyModel(*model), 160, 120, Quality::kDraft, "");
  const DataPtr data = MakeData(*model);
  const auto reds = [&](double x) {
    data->qpos[0] = x;
    mj_forward(model.get(), data.get());
    SceneRenderer::View view;
    view.state = data.get();
    const Image image = renderer.Draw(view, 160, 120);
    int count = 0;
    for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
      if (image.rgb[i] > 2 * image.rgb[i + 1] && image.rgb[i] > 80) ++count;
    }
    return count;
  };
  EXPECT_GT(reds(0), 300);
  EXPECT_GT(reds(20), 300);
  EXPECT_THROW(SceneRenderer(CopyModel(*model), 160, 120, Quality::kDraft, "track"), UserError);
}

TEST(SceneErrorTest, NamesTheCamerasThatThereAre) {
  const std::string error =
      ErrorOf([&] { SceneRenderer(LoadPicturedModel(kBody), 160, 120, Quality::kDraft, "trakc"); });
  EXPECT_EQ(error, "--camera=trakc: the model has no such camera; did you mean 'track'?");
  const std::string unnamed = ErrorOf([&] {
    SceneRenderer(CompileModel(*ParseModel(kUnnamed, "test.xml"), "test.xml"), 160, 120,
                  Quality::kDraft, "trakc");
  });
  EXPECT_EQ(unnamed, "--camera=trakc: the model has no such camera");
}

TEST(ImageTest, PastesAPart) {
  Image part(2, 1);
  part.rgb = {1, 2, 3, 4, 5, 6};
  Image image(3, 2);
  image.Paste(part, 1, 1);
  const std::vector<unsigned char> expected = {0, 0, 0, 0, 0, 0, 0, 0, 0,
                                               0, 0, 0, 1, 2, 3, 4, 5, 6};
  EXPECT_EQ(image.rgb, expected);
}

}  // namespace
}  // namespace anole::render
