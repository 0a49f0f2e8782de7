#include "envs/robot/file_sections.h"

#include <algorithm>

#include "configs/reader.h"
#include "configs/suggest.h"

namespace anole {
namespace {

const std::vector<std::string> kSections = {
    "robot",   "actuator",    "start",  "command",     "place",   "action",
    "formula", "observation", "reward", "termination", "success", "randomize",
    "latency", "push",        "pair",   "drop",        "motion"};

}  // namespace

FileSections::FileSections(const std::filesystem::path& file)
    : all_(Settings::SectionsOfFile(file)) {
  for (const FileSection& section : all_) {
    if (std::ranges::count(kSections, section.name) == 0) {
      throw UserError(section.origin + ": unknown section [" + section.name + "]" +
                      Suggestion(section.name, kSections));
    }
  }
  for (const char* name : {"robot", "action", "observation", "reward"}) {
    if (Named(name).empty()) throw UserError(file.string() + ": has no section [" + name + "]");
  }
  const auto robots = Named("robot");
  if (robots.size() > 1) throw UserError(robots[1]->origin + ": a second [robot]");
}

std::vector<const FileSection*> FileSections::Named(const std::string& name) const {
  std::vector<const FileSection*> found;
  for (const FileSection& section : all_) {
    if (section.name == name) found.push_back(&section);
  }
  return found;
}

void ReadSection(const FileSection& section, const std::function<void(OptionSource&)>& describe,
                 const std::vector<OptionDescription>& all) {
  SettingsReader reader(section.settings, section.origin);
  describe(reader);
  reader.RejectUnknown(all);
}

}  // namespace anole
