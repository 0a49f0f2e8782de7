#include "envs/robot/model_edits.h"

#include <algorithm>
#include <array>

#include "configs/user_error.h"
#include "envs/mujoco.h"
#include "envs/phased_range.h"
#include "envs/robot/names.h"

namespace anole {
namespace {

// Throws OptionError of "kind" with MuJoCo's message, if there is one.
void Require(const char* error) {
  if (error != nullptr && *error != '\0') throw OptionError("kind", error);
}

void AddOne(const AddedActuators& options, const std::string& joint, mjSpec& spec) {
  mjsActuator& added = *mjs_addActuator(&spec, nullptr);
  mjs_setName(added.element, joint.c_str());
  added.trntype = mjTRN_JOINT;
  mjs_setString(added.target, joint.c_str());
  double kd = options.kd;
  switch (options.kind) {
    case AddedKind::kMotor:
      Require(mjs_setToMotor(&added));
      added.gear[0] = options.gear;
      break;
    case AddedKind::kPosition:
      Require(mjs_setToPosition(&added, options.kp, &kd, nullptr, nullptr, 0));
      break;
    case AddedKind::kVelocity:
      Require(mjs_setToVelocity(&added, options.kd));
      break;
  }
  const auto limit = [](double low, double high, mjtLimited& limited, double* range) {
    limited = mjLIMITED_TRUE;
    range[0] = low;
    range[1] = high;
  };
  const double force = options.force_limit;
  if (force > 0) limit(-force, force, added.forcelimited, added.forcerange);
  if (!options.control_range.empty()) {
    limit(options.control_range[0], options.control_range[1], added.ctrllimited, added.ctrlrange);
  } else if (options.kind == AddedKind::kMotor && force > 0) {
    limit(-force / options.gear, force / options.gear, added.ctrllimited, added.ctrlrange);
  }
}

void AddPair(const AddedPairs& options, const std::string& geom, const std::string& other,
             mjSpec& spec) {
  mjsPair& added = *mjs_addPair(&spec, nullptr);
  mjs_setString(added.geomname1, geom.c_str());
  mjs_setString(added.geomname2, other.c_str());
  if (options.condim > 0) added.condim = static_cast<int>(options.condim);
  if (options.friction.empty()) return;
  std::array<double, 3> friction = {1, 0.005, 0.0001};  // MuJoCo's, of what is not said
  std::ranges::copy(options.friction, friction.begin());
  const auto [sliding, torsional, rolling] = friction;
  std::ranges::copy(std::array{sliding, sliding, torsional, rolling, rolling}, added.friction);
}

// By which a pair finds it.
std::string NameOfGeom(const mjModel& model, const std::string& option, int id) {
  const char* const name = mj_id2name(&model, mjOBJ_GEOM, id);
  if (name != nullptr && *name != '\0') return name;
  throw OptionError(option, "geom " + ElementName(model, mjOBJ_GEOM, id) +
                                " has no name in the model, which a pair needs");
}

}  // namespace

void AddedActuators::Describe(VisitOf<AddedActuators> visit) {
  const OptionInfo gain{.help = "", .min = 0, .max = 1e9};
  visit("joints", &AddedActuators::joints,
        {.help = "hinges and slides that get an actuator each, called as the joint: names or "
                 "patterns",
         .min_size = 1});
  visit("kind", &AddedActuators::kind,
        {.help = "what a control is: a force, or the position or velocity that is held"});
  const auto described = [&](const char* help, const char* unit) {
    OptionInfo info = gain;
    info.help = help;
    info.unit = unit;
    return info;
  };
  if (const auto where = visit.Where(visit->kind == AddedKind::kPosition, "kind is position")) {
    where("kp", &AddedActuators::kp, described("force per error of the position", "N m/rad, N/m"));
  }
  if (const auto where =
          visit.Where(visit->kind != AddedKind::kMotor, "kind is position or velocity")) {
    where("kd", &AddedActuators::kd, described("force per velocity", "N m s/rad, N s/m"));
  }
  if (const auto where = visit.Where(visit->kind == AddedKind::kMotor, "kind is motor")) {
    where("gear", &AddedActuators::gear,
          {.help = "force per control", .max = 1e9, .positive = true});
  }
  visit("force_limit", &AddedActuators::force_limit,
        described("largest force either way; 0: none", "N m, N"));
  visit("control_range", &AddedActuators::control_range,
        {.help = "lowest and highest control; []: of a motor with a force_limit those that reach "
                 "it, else any",
         .min = -1e9,
         .max = 1e9,
         .max_size = 2});
}

void AddedActuators::Choose(const mjModel& model, const std::string& model_name) {
  if (kind == AddedKind::kPosition && kp == 0) throw OptionError("kp", "must be above 0");
  if (kind == AddedKind::kVelocity && kd == 0) throw OptionError("kd", "must be above 0");
  if (!control_range.empty()) CheckRange("control_range", control_range);
  chosen.clear();
  const auto moves = [&](int id) {
    return model.jnt_type[id] == mjJNT_HINGE || model.jnt_type[id] == mjJNT_SLIDE;
  };
  for (const auto& joint :
       ChooseElements(model, model_name, mjOBJ_JOINT, "joints", joints, moves)) {
    const char* const name = mj_id2name(&model, mjOBJ_JOINT, joint.id);
    if (name == nullptr || *name == '\0') {
      throw OptionError("joints", "joint " + ElementName(model, mjOBJ_JOINT, joint.id) +
                                      " has no name in the model, which an actuator needs");
    }
    if (mj_name2id(&model, mjOBJ_ACTUATOR, name) >= 0) {
      throw OptionError("joints", "the model has an actuator '" + std::string(name) + "' already");
    }
    chosen.emplace_back(name);
  }
}

void AddedPairs::Describe(VisitOf<AddedPairs> visit) {
  visit("geoms", &AddedPairs::geoms,
        {.help = "geoms that may touch: names or patterns, \"body:torso\" those of a body",
         .min_size = 1});
  visit("with", &AddedPairs::with,
        {.help = "the others, likewise; geoms of one body do not touch each other", .min_size = 1});
  visit("condim", &AddedPairs::condim,
        {.help = "MuJoCo's dimensions of a contact: 1 frictionless, 3, 4 or 6; 0: of the geoms",
         .min = 0,
         .max = 6});
  visit("friction", &AddedPairs::friction,
        {.help = "sliding and, if said, torsional and rolling friction; []: of the geoms",
         .min = 0,
         .max = 1e6,
         .max_size = 3});
}

void AddedPairs::Choose(const mjModel& model, const std::string& model_name) {
  if (condim == 2 || condim == 5) throw OptionError("condim", "must be 0, 1, 3, 4 or 6");
  chosen.clear();
  const auto firsts = ChooseElements(model, model_name, mjOBJ_GEOM, "geoms", geoms);
  const auto seconds = ChooseElements(model, model_name, mjOBJ_GEOM, "with", with);
  std::vector<std::pair<int, int>> found;
  for (const ChosenElement& first : firsts) {
    for (const ChosenElement& second : seconds) {
      if (model.geom_bodyid[first.id] == model.geom_bodyid[second.id]) continue;
      const std::pair<int, int> ids = std::minmax(first.id, second.id);
      if (std::ranges::count(found, ids) > 0) continue;
      found.push_back(ids);
      chosen.emplace_back(NameOfGeom(model, "geoms", first.id),
                          NameOfGeom(model, "with", second.id));
    }
  }
  if (chosen.empty()) throw OptionError("with", "and geoms choose geoms of one body only");
}

void ModelEdits::Apply(mjSpec& spec, const mjVFS* files) const {
  if (physics_dt > 0) spec.option.timestep = physics_dt;
  if (!colliding.empty()) {
    const ModelPtr compiled(mj_compile(&spec, files));  // geoms have ids from here on
    if (compiled == nullptr) return;                    // whoever compiles it will say why
    ForEachElement(spec, mjOBJ_GEOM, [&](mjsElement* element) {
      if (std::ranges::count(colliding, mjs_getId(element)) > 0) return;
      mjsGeom& geom = *mjs_asGeom(element);
      geom.contype = geom.conaffinity = 0;
    });
  }
  for (const AddedActuators& added : actuators) {
    for (const std::string& joint : added.chosen) AddOne(added, joint, spec);
  }
  for (const AddedPairs& added : pairs) {
    for (const auto& [geom, other] : added.chosen) AddPair(added, geom, other, spec);
  }
}

std::vector<int> ChooseColliding(const mjModel& model, const std::string& model_name,
                                 const std::string& patterns) {
  std::vector<int> ids;
  for (const auto& geom : ChooseElements(model, model_name, mjOBJ_GEOM, "colliding", patterns)) {
    ids.push_back(geom.id);
  }
  return ids;
}

}  // namespace anole
