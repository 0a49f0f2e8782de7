#include "tools/run/files/made_folders.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace anole {
namespace {

namespace fs = std::filesystem;

class MadeFoldersTest : public testing::Test {
 protected:
  void SetUp() override { fs::remove_all(place_); }
  void TearDown() override { fs::remove_all(place_); }

  // Of the test's own: they may run at once.
  const fs::path place_ = std::string("made_folders_test_") +
                          testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(MadeFoldersTest, TakesBackWhatItHasMade) {
  fs::create_directory(place_);
  {
    MadeFolders folders;
    folders.Make(place_ / "a" / "b" / "");
    EXPECT_TRUE(fs::is_directory(place_ / "a/b"));
    EXPECT_TRUE(folders.Has(place_ / "a"));
    EXPECT_FALSE(folders.Has(place_));
  }
  EXPECT_TRUE(fs::is_directory(place_));
  EXPECT_TRUE(fs::is_empty(place_));
}

TEST_F(MadeFoldersTest, LeavesWhatOthersHavePutThereMeanwhile) {
  std::optional<MadeFolders> ours(std::in_place), theirs(std::in_place);
  ours->Make(place_ / "common/ours");
  theirs->Make(place_ / "common/theirs");
  std::ofstream(place_ / "common/theirs/work") << "a result";
  EXPECT_FALSE(theirs->Has(place_ / "common"));
  ours.reset();
  theirs.reset();
  EXPECT_FALSE(fs::exists(place_ / "common/ours"));
  EXPECT_TRUE(fs::exists(place_ / "common/theirs/work"));
}

TEST_F(MadeFoldersTest, KeepsWhatIsWantedAndTellsWhatStandsInTheWay) {
  {
    MadeFolders folders;
    folders.Make(place_ / "kept");
    EXPECT_EQ(folders.made().size(), 2);
    folders.Keep();
  }
  EXPECT_TRUE(fs::is_directory(place_ / "kept"));
  std::ofstream(place_ / "file") << "";
  fs::create_symlink("nowhere", place_ / "link");
  for (const char* name : {"file", "link"}) {
    MadeFolders folders;
    EXPECT_THROW(folders.Make(place_ / name / "folder"), fs::filesystem_error) << name;
    EXPECT_TRUE(fs::exists(fs::symlink_status(place_ / name))) << name;
  }
}

}  // namespace
}  // namespace anole
