// A cart with a pole whose reward has any number of terms.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "tests/envs/every_family.h"

namespace anole {

// Its task file is written into the folder of temporary files.
inline std::unique_ptr<TaskFamily> RobotOfTerms(int terms, bool has_command = true) {
  namespace fs = std::filesystem;
  const std::string name = "anole_robot_of_" + std::to_string(terms) + "_terms_" +
                           std::to_string(static_cast<long>(getpid())) + ".toml";
  const fs::path file = fs::temp_directory_path() / name;
  std::string text = "[robot]\nmodel = \"" ANOLE_SOURCE_DIR
                     "/configs/robots/cart_pole.xml\"\n"
                     "control_dt = 0.02\nhorizon = 30\nvelocity_noise = 0.5\n"
                     "[[action]]\nactuators = \"*\"\n"
                     "[[observation]]\nterm = \"joint_positions\"\n"
                     "[[observation]]\nterm = \"joint_velocities\"\n";
  if (has_command) text += "[[command]]\nname = \"place\"\nrange = [-1, 1]\n";
  for (int i = 0; i < terms; ++i) {
    text += "[[reward]]\nterm = \"joint_velocity\"\nname = \"term" + std::to_string(i) +
            "\"\nweight = " + std::to_string(0.1 + 0.0137 * i * i) + "\n";
  }
  std::ofstream(file) << text;
  auto family = MakeWith("robot", "task.file = \"" + file.string() + "\"");
  fs::remove(file);
  return family;
}

}  // namespace anole
