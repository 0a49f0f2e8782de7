// A folder with a robot's model and task file, as tests write them.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "configs/user_error.h"
#include "envs/robot/task_file.h"
#include "tests/envs/every_family.h"

namespace anole {

class RobotFolderTest : public testing::Test {
 protected:
  RobotFolderTest() { std::filesystem::create_directories(folder_); }
  ~RobotFolderTest() override { std::filesystem::remove_all(folder_); }
  RobotFolderTest(const RobotFolderTest&) = delete;
  RobotFolderTest& operator=(const RobotFolderTest&) = delete;

  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }

  std::unique_ptr<const RobotTask> Read(const std::string& text) const {
    Write("task.toml", text);
    return ReadRobotTask(folder_ / "task.toml");
  }

  std::unique_ptr<TaskFamily> Make(const std::string& text, const std::string& more = "") const {
    Write("task.toml", text);
    return MakeWith("robot",
                    "[task]\nfile = \"" + (folder_ / "task.toml").string() + "\"\n" + more);
  }

  // The message about a task file, without the folder.
  std::string ErrorOf(const std::string& text) const {
    try {
      Read(text);
    } catch (const UserError& error) {
      std::string message = error.what();
      const std::string prefix = folder_.string() + "/";
      for (auto at = message.find(prefix); at != std::string::npos; at = message.find(prefix)) {
        message.erase(at, prefix.size());
      }
      return message;
    }
    return "";
  }

  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      (std::string(testing::UnitTest::GetInstance()->current_test_info()->test_suite_name()) + "." +
       testing::UnitTest::GetInstance()->current_test_info()->name());
};

}  // namespace anole
