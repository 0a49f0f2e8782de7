#include "envs/robot/robot.h"

#include <fnmatch.h>

#include <algorithm>
#include <sstream>

#include "configs/suggest.h"
#include "configs/user_error.h"

namespace anole {
namespace {

int Count(const mjModel& model, mjtObj kind) {
  switch (kind) {
    case mjOBJ_BODY:
      return static_cast<int>(model.nbody);
    case mjOBJ_JOINT:
      return static_cast<int>(model.njnt);
    case mjOBJ_GEOM:
      return static_cast<int>(model.ngeom);
    case mjOBJ_SITE:
      return static_cast<int>(model.nsite);
    case mjOBJ_ACTUATOR:
      return static_cast<int>(model.nu);
    case mjOBJ_SENSOR:
      return static_cast<int>(model.nsensor);
    case mjOBJ_KEY:
      return static_cast<int>(model.nkey);
    default:
      return 0;
  }
}

std::vector<std::string> NamesOf(const mjModel& model, mjtObj kind) {
  std::vector<std::string> names;
  for (int id = 0; id < Count(model, kind); ++id) {
    const char* const name = mj_id2name(&model, kind, id);
    if (name != nullptr && *name != '\0') names.emplace_back(name);
  }
  return names;
}

}  // namespace

std::string KindText(mjtObj kind) { return kind == mjOBJ_KEY ? "keyframe" : mju_type2Str(kind); }

std::vector<std::string> SplitList(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream list(text);
  for (std::string word; std::getline(list, word, ',');) {
    const auto begin = word.find_first_not_of(' ');
    if (begin == std::string::npos) continue;
    words.push_back(word.substr(begin, word.find_last_not_of(' ') - begin + 1));
  }
  return words;
}

int Robot::Find(mjtObj kind, const std::string& option, const std::string& name) const {
  const int id = mj_name2id(model.get(), kind, name.c_str());
  if (id >= 0) return id;
  throw OptionError(option, "no " + KindText(kind) + " of that name in " + model_name +
                                Suggestion(name, NamesOf(*model, kind)));
}

std::vector<int> Robot::FindAll(mjtObj kind, const std::string& option, const std::string& patterns,
                                const std::function<bool(int)>& eligible) const {
  std::vector<int> ids;
  for (const std::string& pattern : SplitList(patterns)) {
    const std::size_t before = ids.size();
    for (int id = 0; id < Count(*model, kind); ++id) {
      const bool matches = fnmatch(pattern.c_str(), NameOf(*model, kind, id).c_str(), 0) == 0;
      if (matches && (!eligible || eligible(id))) ids.push_back(id);
    }
    if (ids.size() == before) {
      throw OptionError(option, "no " + KindText(kind) + " '" + pattern + "' to choose in " +
                                    model_name + Suggestion(pattern, NamesOf(*model, kind)));
    }
  }
  if (ids.empty()) throw OptionError(option, "must name at least one " + KindText(kind));
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::vector<int> Robot::FindJoints(const std::string& option, const std::string& patterns) const {
  return FindAll(mjOBJ_JOINT, option, patterns, [this](int id) {
    return model->jnt_type[id] == mjJNT_HINGE || model->jnt_type[id] == mjJNT_SLIDE;
  });
}

Eigen::Index Robot::FindCommand(const std::string& option, const std::string& name) const {
  const auto found = std::ranges::find(commands, name, &RobotCommand::name);
  if (found != commands.end()) return found - commands.begin();
  std::vector<std::string> names;
  for (const RobotCommand& command : commands) names.push_back(command.name);
  throw OptionError(option, "no [[command]] has the name '" + name + "'" + Suggestion(name, names));
}

}  // namespace anole
