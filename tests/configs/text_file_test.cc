#include "configs/text_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/configs/error_of.h"

namespace anole {
namespace {

std::string Error(const std::string& path) {
  return ErrorOf([&] { ReadTextFile(path, 3'000'000, "a list"); });
}

TEST(ReadTextFile, ReadsWhatFits) {
  const std::string path = testing::TempDir() + "text_file_test";
  std::ofstream(path) << "a\nb";
  EXPECT_EQ(ReadTextFile(path, 3, "a list"), "a\nb");
  EXPECT_EQ(Error(path), "(no error)");
  std::filesystem::resize_file(path, 3'000'001);
  EXPECT_EQ(Error(path), path + ": is longer than 3 MB, which is the most for a list");
  std::filesystem::resize_file(path, std::uintmax_t{1} << 40);  // with holes: takes no room
  EXPECT_EQ(Error(path), path + ": is longer than 3 MB, which is the most for a list");
  std::filesystem::remove(path);
}

TEST(ReadTextFile, RefusesWhatIsNoFile) {
  EXPECT_EQ(Error("nowhere"), "nowhere: no such file");
  EXPECT_EQ(Error("/"), "/: is a directory, not a list");
  EXPECT_EQ(Error("/dev/zero"), "/dev/zero: is no regular file, so it is not read");
  const std::string pipe = testing::TempDir() + "text_file_test_pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(Error(pipe), pipe + ": is no regular file, so it is not read");
  std::filesystem::remove(pipe);
}

}  // namespace
}  // namespace anole
