#include "tools/app/render_request.h"

#include <gtest/gtest.h>

#include "tests/configs/error_of.h"

namespace anole::app {
namespace {

using Words = std::vector<std::string>;

RenderRequest Parse(const Words& args, std::int64_t last_update = 3) {
  return ParseRenderRequest(ParseCommandLine(args, RenderRequestFlags(), {}, 1), last_update,
                            "run/video.mp4");
}

std::string ParseError(const Words& args) {
  return ErrorOf([&] { Parse(args); });
}

TEST(RenderRequestTest, ShowsBeforeAndAfterAdaptationWhereNothingIsSaid) {
  const RenderRequest request = Parse({});
  EXPECT_EQ(request.updates, (std::vector<std::int64_t>{0, 3}));
  EXPECT_EQ(request.width, 640);
  EXPECT_EQ(request.height, 480);
  EXPECT_EQ(request.camera, "");
  EXPECT_EQ(request.quality, render::Quality::kFull);
  EXPECT_EQ(request.out, "run/video.mp4");
  EXPECT_EQ(request.strip, "");
  EXPECT_EQ(Parse({}, 0).updates, std::vector<std::int64_t>{0});
}

TEST(RenderRequestTest, ReadsAllFlags) {
  const RenderRequest request =
      Parse({"--updates=0,10,1", "--side-by-side", "--size", "1280x720", "--quality=draft",
             "--camera=front", "--out=a.gif", "--strip=b.png"});
  EXPECT_EQ(request.updates, (std::vector<std::int64_t>{0, 10, 1}));
  EXPECT_TRUE(request.side_by_side);
  EXPECT_EQ(request.width, 1280);
  EXPECT_EQ(request.height, 720);
  EXPECT_EQ(request.quality, render::Quality::kDraft);
  EXPECT_EQ(request.camera, "front");
  EXPECT_EQ(request.out, "a.gif");
  EXPECT_EQ(request.strip, "b.png");
}

TEST(RenderRequestTest, GivesEachViewItsRoom) {
  EXPECT_EQ(Parse({"--side-by-side"}).width, 1280);
  EXPECT_EQ(Parse({"--side-by-side", "--updates=0,1,2,3,4"}).width, 1920);
}

TEST(RenderRequestTest, AStripAloneIsNoVideo) { EXPECT_EQ(Parse({"--strip=b.png"}).out, ""); }

TEST(RenderRequestTest, RefusesWhatItCannotRead) {
  for (const char* bad : {",", "1,", "1,,2", "x", "-1", "4096", "1.5", "1;2"}) {
    EXPECT_EQ(ParseError({std::string("--updates=") + bad}).find("--updates="), 0u) << bad;
  }
  for (const char* bad :
       {"640", "640x", "x480", "640x480x3", "10x480", "640x9999", "-640x480", "640*480"}) {
    EXPECT_EQ(ParseError({std::string("--size=") + bad}).find("--size="), 0u) << bad;
  }
  EXPECT_EQ(ParseError({"--quality=best"}), "--quality=best: must be draft or full");
  EXPECT_EQ(ParseError({"--strip=b.jpg"}), "--strip=b.jpg: must end in .png");
  EXPECT_EQ(ParseError({"--side-by-side", "--updates=0,1,2", "--size=128x128"}),
            "--side-by-side: 3 views need a wider frame than 128 pixels, or fewer --updates");
}

TEST(RenderRequestTest, AFilmOfAnotherThingHasAnotherName) {
  const auto name = [](const CommandLine& line) { return DefaultVideo(line).string(); };
  EXPECT_EQ(name({}), "videos/adaptation.mp4");
  EXPECT_EQ(name({.flags = {{"goal", "-1.5,2"}, {"size", "64x64"}}}),
            "videos/adaptation-goal=-1.5,2.mp4");
  EXPECT_EQ(name({.flags = {{"theta", "../a b/c"}, {"side-by-side", ""}}}),
            "videos/adaptation-theta=.._a_b_c-side-by-side.mp4");
  EXPECT_EQ(name({.settings = {{"evaluation.seed", "3"}}}),
            "videos/adaptation-evaluation.seed=3.mp4");
  const std::string goal(500, '1');
  EXPECT_LT(name({.flags = {{"goal", goal + "1"}}}).size(), 255);
  EXPECT_NE(name({.flags = {{"goal", goal + "1"}}}), name({.flags = {{"goal", goal + "2"}}}));
}

}  // namespace
}  // namespace anole::app
