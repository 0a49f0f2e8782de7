#include "envs/robot/robot.h"

#include <algorithm>

#include "configs/suggest.h"
#include "configs/user_error.h"

namespace anole {

DataPtr Robot::At(const RobotStart& at) const {
  DataPtr data = MakeData(*model);
  at.Begin(*model, *data);
  mj_forward(model.get(), data.get());
  return data;
}

const RobotStart& Robot::DrawStart(Rng& rng) const {
  if (other_starts.empty()) return start;
  double left = rng.Uniform(0, 1);
  for (const OtherStart& other : other_starts) {
    if (left < other.share) return other.start;
    left -= other.share;
  }
  return start;
}

int Robot::Find(mjtObj kind, const std::string& option, const std::string& name) const {
  const int id = IdOf(*model, kind, name);
  if (id >= 0) return id;
  throw OptionError(option, "no " + KindText(kind) + " of that name in " + model_name +
                                ElementSuggestion(*model, kind, name));
}

std::vector<int> Robot::FindAll(mjtObj kind, const std::string& option, const std::string& patterns,
                                const std::function<bool(int)>& eligible) const {
  std::vector<int> ids;
  for (const ChosenElement& chosen :
       ChooseElements(*model, model_name, kind, option, patterns, eligible)) {
    ids.push_back(chosen.id);
  }
  return ids;
}

std::vector<int> Robot::FindJoints(const std::string& option, const std::string& patterns) const {
  return FindAll(mjOBJ_JOINT, option, patterns, [this](int id) {
    return model->jnt_type[id] == mjJNT_HINGE || model->jnt_type[id] == mjJNT_SLIDE;
  });
}

ModelPart Robot::FindPart(const std::string& option, const std::string& name) const {
  const int site = mj_name2id(model.get(), mjOBJ_SITE, name.c_str());
  if (site >= 0) return {mjOBJ_SITE, site};
  const int body = IdOf(*model, mjOBJ_BODY, name);
  if (body >= 0) return {mjOBJ_BODY, body};
  std::vector<std::string> known;
  for (int i = 0; i < model->nbody; ++i) known.push_back(ElementName(*model, mjOBJ_BODY, i));
  for (int i = 0; i < model->nsite; ++i) known.push_back(ElementName(*model, mjOBJ_SITE, i));
  throw OptionError(option,
                    "no site or body of that name in " + model_name + Suggestion(name, known));
}

Eigen::Index Robot::FindCommand(const std::string& option, const std::string& name) const {
  const auto found = std::ranges::find(commands, name, &RobotCommand::name);
  if (found != commands.end()) return found - commands.begin();
  std::vector<std::string> names;
  for (const RobotCommand& command : commands) names.push_back(command.name);
  throw OptionError(option, "no [[command]] has the name '" + name + "'" + Suggestion(name, names));
}

Eigen::Index Robot::FindMotion(const std::string& option, const std::string& name) const {
  std::vector<std::string> names;
  for (const auto& motion : motions) names.push_back(motion->options().name);
  const auto found = std::ranges::find(names, name);
  if (found != names.end()) return found - names.begin();
  throw OptionError(option, "no [[motion]] is called '" + name + "'" + Suggestion(name, names));
}

}  // namespace anole
