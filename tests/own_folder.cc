// A temporary folder for each run of a test program, so that two on one machine do not meet in it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace anole {
namespace {

class OwnFolder {
 public:
  OwnFolder() {
    std::string path = testing::TempDir() + "anole-tests-XXXXXX";
    if (mkdtemp(path.data()) == nullptr) return;
    path_ = path;
    setenv("TEST_TMPDIR", path.c_str(), 1);  // what testing::TempDir() goes by
  }
  ~OwnFolder() {
    if (getpid() != owner_) return;  // a death test's child
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  OwnFolder(const OwnFolder&) = delete;
  OwnFolder& operator=(const OwnFolder&) = delete;

 private:
  std::filesystem::path path_;
  pid_t owner_ = getpid();
};

const OwnFolder own_folder;

}  // namespace
}  // namespace anole
