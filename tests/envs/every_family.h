// The families of the registry as tests want them: each can be made.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "configs/reader.h"
#include "configs/settings.h"
#include "envs/task_family.h"

namespace anole {

// A family with some options set.
inline std::unique_ptr<TaskFamily> MakeWith(const std::string& name, const std::string& toml) {
  const Settings settings = Settings::FromText(toml, "test");
  SettingsReader reader(settings);
  const auto maker = TaskFamilies::NewMaker(name);
  maker->Describe(reader);
  return maker->Make();
}

// Names for MakeFamily. The family of robots stands for its worked examples.
inline std::vector<std::string> EveryFamilyName() {
  std::vector<std::string> names = TaskFamilies::names();
  std::erase(names, "robot");
  names.insert(names.end(), {"robot/quadruped", "robot/cart_pole"});
  return names;
}

inline std::unique_ptr<TaskFamily> MakeFamily(const std::string& name) {
  if (!name.starts_with("robot/")) return MakeWith(name, "");
  return MakeWith("robot",
                  "task.file = \"" ANOLE_SOURCE_DIR "/configs/robots" + name.substr(5) + ".toml\"");
}

// What GoogleTest takes for a name.
inline std::string TestName(std::string name) {
  std::ranges::replace_if(name, [](char c) { return !std::isalnum(c); }, '_');
  return name;
}

}  // namespace anole
