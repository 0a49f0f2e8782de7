#include "tools/run/files/made_folders.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>

namespace anole {
namespace {

namespace fs = std::filesystem;

class MadeFoldersTest : public testing::Test {
 protected:
  void SetUp() override { fs::remove_all(kPlace); }
  void TearDown() override { fs::remove_all(kPlace); }

  const fs::path kPlace = "made_folders_test";
};

TEST_F(MadeFoldersTest, TakesBackWhatItHasMade) {
  fs::create_directory(kPlace);
  {
    MadeFolders folders;
    folders.Make(kPlace / "a" / "b" / "");
    EXPECT_TRUE(fs::is_directory(kPlace / "a/b"));
    EXPECT_TRUE(folders.Has(kPlace / "a"));
    EXPECT_FALSE(folders.Has(kPlace));
  }
  EXPECT_TRUE(fs::is_directory(kPlace));
  EXPECT_TRUE(fs::is_empty(kPlace));
}

TEST_F(MadeFoldersTest, LeavesWhatOthersHavePutThereMeanwhile) {
  std::optional<MadeFolders> ours(std::in_place), theirs(std::in_place);
  ours->Make(kPlace / "common/ours");
  theirs->Make(kPlace / "common/theirs");
  std::ofstream(kPlace / "common/theirs/work") << "a result";
  EXPECT_FALSE(theirs->Has(kPlace / "common"));
  ours.reset();
  theirs.reset();
  EXPECT_FALSE(fs::exists(kPlace / "common/ours"));
  EXPECT_TRUE(fs::exists(kPlace / "common/theirs/work"));
}

TEST_F(MadeFoldersTest, KeepsWhatIsWantedAndTellsWhatStandsInTheWay) {
  {
    MadeFolders folders;
    folders.Make(kPlace / "kept");
    EXPECT_EQ(folders.made().size(), 2);
    folders.Keep();
  }
  EXPECT_TRUE(fs::is_directory(kPlace / "kept"));
  std::ofstream(kPlace / "file") << "";
  fs::create_symlink("nowhere", kPlace / "link");
  for (const char* name : {"file", "link"}) {
    MadeFolders folders;
    EXPECT_THROW(folders.Make(kPlace / name / "folder"), fs::filesystem_error) << name;
    EXPECT_TRUE(fs::exists(fs::symlink_status(kPlace / name))) << name;
  }
}

}  // namespace
}  // namespace anole
