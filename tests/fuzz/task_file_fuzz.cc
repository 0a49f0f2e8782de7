// A robot's task file, beside models that are in order.
#include "envs/robot/task_file.h"
#include "tests/fuzz/harness.h"

namespace anole::fuzz {
namespace {

const char* const kModelsOfTaskFile[] = {"cart_pole.xml", "quadruped.xml"};

void FuzzTaskFile(std::string_view input) {
  static const bool kCopied = [] {
    for (const char* model : kModelsOfTaskFile) {
      Write(std::string("task/") + model,
            TextOf(ANOLE_SOURCE_DIR "/configs/robots/" + std::string(model)));
    }
    Write("task/swing.csv", "time,clip,pole\n0,0,0\n1,0,1\n0,1,1\n1,1,0\n");
    return true;
  }();
  Require(kCopied, "no models");
  const std::filesystem::path file = Write("task/task.toml", input);
  Accept([&] { ReadRobotTask(file); });
}

const RegisterHarness registration("task_file", {FuzzTaskFile});

}  // namespace
}  // namespace anole::fuzz
