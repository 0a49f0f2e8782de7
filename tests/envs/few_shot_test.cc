#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "configs/reader.h"
#include "configs/settings.h"
#include "envs/data_family.h"
#include "envs/images/alphabets.h"
#include "envs/images/gray_image.h"
#include "tests/configs/error_of.h"
#include "tests/envs/alphabet_folder.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

constexpr int kSize = AlphabetFolder::kSize;

class FewShotTest : public testing::Test {
 protected:
  std::unique_ptr<DataFamily> Make(const std::string& more = "", int batch = 5) const {
    const Settings settings = Settings::FromText(
        "[task]\nfolder = \"" + folder_.string() +
            "\"\nways = 3\nshots = 2\ntrain_shots = 4\nqueries = 3\nimage_size = 8\nbatch = " +
            std::to_string(batch) + "\n" + more,
        "test");
    SettingsReader reader(settings);
    const auto maker = DataFamilies::NewMaker("few-shot");
    maker->Describe(reader);
    return maker->Make();
  }

  static Vector Task(const DataFamily& family, Phase phase, int index = 0) {
    Rng rng = Address{.phase = phase, .iteration = index}.Open(Purpose::kTask);
    return family.Sample(rng, {.index = index, .phase = phase});
  }

  // What a picture says of itself.
  struct Told {
    int alphabet, character, picture;
    auto operator<=>(const Told&) const = default;
  };
  static Told Read(const Vector& input) {
    const auto number = [&](int pixel) {
      return static_cast<int>(std::lround((1 - input[pixel]) * 25.5));
    };
    return {number(0), number(1), number(2)};
  }

  AlphabetFolder alphabets_;
  const fs::path& folder_ = alphabets_.path();
};

TEST_F(FewShotTest, TestsAreOfAlphabetsThatNothingElseHasSeen) {
  const auto family = Make("rotations = false\n");
  const auto alphabets = [&](Phase phase) {
    std::set<int> seen;
    for (int i = 0; i < 50; ++i) {
      const Batch batch = family->Support(Task(*family, phase, i));
      for (const auto& input : batch.inputs.colwise()) seen.insert(Read(input).alphabet);
    }
    return seen;
  };
  EXPECT_EQ(alphabets(Phase::kTrain), (std::set<int>{0, 2, 4, 5, 6}));
  EXPECT_EQ(alphabets(Phase::kValidation), (std::set<int>{1}));
  EXPECT_EQ(alphabets(Phase::kTest), (std::set<int>{3, 7}));
}

TEST_F(FewShotTest, ATaskIsCharactersAndItsOwnPicturesOfThem) {
  const auto family = Make("rotations = false\n");
  for (const Phase phase : {Phase::kTrain, Phase::kTest}) {
    const Vector task = Task(*family, phase);
    const Batch support = family->Support(task), query = family->Query(task);
    ASSERT_EQ(support.inputs.cols(), phase == Phase::kTrain ? 12 : 6);
    ASSERT_EQ(query.inputs.cols(), 9);
    std::set<Told> seen;
    std::vector<std::set<std::pair<int, int>>> classes(3);
    for (const Batch* batch : {&support, &query}) {
      for (Eigen::Index i = 0; i < batch->inputs.cols(); ++i) {
        const Told told = Read(batch->inputs.col(i));
        EXPECT_TRUE(seen.insert(told).second) << "no picture twice";
        EXPECT_EQ(batch->targets.col(i).sum(), 1);
        Eigen::Index way = 0;
        batch->targets.col(i).maxCoeff(&way);
        classes[static_cast<std::size_t>(way)].insert({told.alphabet, told.character});
      }
    }
    std::set<std::pair<int, int>> all;
    for (const auto& one : classes) {
      EXPECT_EQ(one.size(), 1U) << "a class is one character";
      all.insert(one.begin(), one.end());
    }
    EXPECT_EQ(all.size(), 3U);
    EXPECT_EQ(family->Query(task).inputs, query.inputs);
  }
}

TEST_F(FewShotTest, AnInnerStepSeesSomeOfTheSupport) {
  const auto family = Make("rotations = false\n");
  const Vector task = Task(*family, Phase::kTrain);
  const Batch all = family->Support(task);
  std::set<Told> support, drawn;
  for (const auto& input : all.inputs.colwise()) support.insert(Read(input));
  Rng rng = Address{}.Open(Purpose::kLearner);
  for (int step = 0; step < 30; ++step) {
    const Batch batch = family->Draw(task, rng);
    ASSERT_EQ(batch.inputs.cols(), 5);
    std::set<Told> here;
    for (const auto& input : batch.inputs.colwise()) here.insert(Read(input));
    EXPECT_EQ(here.size(), 5U);
    drawn.insert(here.begin(), here.end());
  }
  EXPECT_EQ(drawn, support);
  // Where there are fewer pictures than that, all of them.
  const auto small = Make("", 100);
  EXPECT_EQ(small->Draw(Task(*small, Phase::kTest), rng).inputs.cols(), 6);
}

TEST_F(FewShotTest, TurnedCharactersAreOthers) {
  const Alphabets plain = ReadAlphabets(folder_, kSize, false, 1);
  const Alphabets turned = ReadAlphabets(folder_, kSize, true, 1);
  ASSERT_EQ(turned.train.size(), 4 * plain.train.size());
  EXPECT_EQ(turned.test.size(), plain.test.size());
  EXPECT_EQ(turned.validation.size(), plain.validation.size());
  const auto pixel = [&](int quarter, int row, int column) {
    return turned.train.at(static_cast<std::size_t>(quarter)).images(row * kSize + column, 0);
  };
  // The top row, from left to right, becomes the left column from below, and so on.
  EXPECT_EQ(pixel(1, 7, 0), pixel(0, 0, 0));
  EXPECT_EQ(pixel(1, 6, 0), pixel(0, 0, 1));
  EXPECT_EQ(pixel(2, 7, 7), pixel(0, 0, 0));
  EXPECT_EQ(pixel(3, 0, 7), pixel(0, 0, 0));
  EXPECT_NE(pixel(0, 0, 0), pixel(0, 7, 7));
}

TEST_F(FewShotTest, PicturesAreAveragedDown) {
  std::vector<png_byte> pixels(16, 255);
  pixels[0] = pixels[1] = 0;  // half of the upper left quarter
  WritePng(folder_ / "p.png", 4, pixels);
  EXPECT_EQ(ReadDarkness(folder_ / "p.png", 2), Eigen::Vector4f(0.5, 0, 0, 0));
}

TEST_F(FewShotTest, MistakesAreTold) {
  const auto error = [&](const std::string& line) {
    std::string message = ErrorOf([&] {
      const Settings settings = Settings::FromText(
          "[task]\nfolder = \"" + folder_.string() + "\"\nimage_size = 8\n" + line, "test");
      SettingsReader reader(settings);
      const auto maker = DataFamilies::NewMaker("few-shot");
      maker->Describe(reader);
      maker->Make();
    });
    const auto at = message.find(folder_.string());
    return at == std::string::npos ? message : message.replace(at, folder_.string().size(), "F");
  };
  EXPECT_EQ(error("train_shots = 5"), "F/a0/0: has 7 pictures (*.png), and at least 10 are needed");
  EXPECT_EQ(error("train_shots = 2\nways = 7"),
            "task.ways: must be at most 6: F has no more characters for validation, in every "
            "eighth alphabet");
  WritePng(folder_ / "a4/2/3.png", 6, std::vector<png_byte>(36, 0));
  EXPECT_EQ(error("train_shots = 2"),
            "F/a4/2/3.png: is 6 x 6 pixels, smaller than task.image_size = 8");
  std::ofstream(folder_ / "a4/2/3.png") << "no picture";
  EXPECT_TRUE(error("train_shots = 2").starts_with("F/a4/2/3.png: ")) << error("train_shots = 2");
  fs::remove_all(folder_);
  EXPECT_EQ(error(""), "F: no such folder");
}

}  // namespace
}  // namespace anole
