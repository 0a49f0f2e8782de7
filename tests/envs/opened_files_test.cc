#include "envs/opened_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "envs/mujoco.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

class OpenedFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_ / "model/parts");
    fs::create_directories(folder_ / "meshes");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / "anole_opened_files";
};

TEST_F(OpenedFilesTest, AreThoseOfIncludesAndAssets) {
  Write("model/main.xml",
        "<mujoco><compiler meshdir='../meshes'/><include file='parts/a.xml'/></mujoco>");
  Write("model/parts/a.xml", "<mujocoinclude><include file='b.xml'/></mujocoinclude>");
  Write("model/parts/b.xml",
        "<mujocoinclude><asset><mesh name='m' file='m.obj'/></asset><worldbody>"
        "<geom type='mesh' mesh='m'/></worldbody></mujocoinclude>");
  Write("meshes/m.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n");
  Write("meshes/unused.obj", "");
  const OpenedFiles files;
  const std::string path = folder_ / "model/main.xml";
  const SpecPtr spec = ParseModelFile(path, files.vfs());
  const ModelPtr model = CompileModel(*spec, path, files.vfs());
  EXPECT_EQ(model->nmesh, 1);
  const std::vector<fs::path> expected = {folder_ / "meshes/m.obj", folder_ / "model/main.xml",
                                          folder_ / "model/parts/a.xml",
                                          folder_ / "model/parts/b.xml"};
  EXPECT_EQ(files.paths(), expected);
}

}  // namespace
}  // namespace anole
