#include "envs/robot/randomization.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "configs/user_error.h"

namespace anole {

struct RandomField {
  std::string name;
  mjtObj kind;    // of the elements that have it
  double lowest;  // physics has no smaller ones
  bool may_be_lowest;
  mjtNum& (*number)(mjModel& model, int id);
};

namespace {

constexpr double kNone = -std::numeric_limits<double>::infinity();

mjtNum& Dof(mjtNum* values, const mjModel& model, int joint) {
  return values[model.jnt_dofadr[joint]];
}

const std::vector<RandomField>& Fields() {
  static const std::vector<RandomField> kFields = {
      {"mass", mjOBJ_BODY, 0, false,
       [](mjModel& model, int id) -> mjtNum& { return model.body_mass[id]; }},
      // In the body's own axes.
      {"mass_center_x", mjOBJ_BODY, kNone, true,
       [](mjModel& model, int id) -> mjtNum& { return model.body_ipos[std::ptrdiff_t{3} * id]; }},
      {"mass_center_y", mjOBJ_BODY, kNone, true,
       [](mjModel& model, int id) -> mjtNum& { return model.body_ipos[3 * id + 1]; }},
      {"mass_center_z", mjOBJ_BODY, kNone, true,
       [](mjModel& model, int id) -> mjtNum& { return model.body_ipos[3 * id + 2]; }},
      {"friction", mjOBJ_GEOM, 0, true,
       [](mjModel& model, int id) -> mjtNum& {
         return model.geom_friction[std::ptrdiff_t{3} * id];
       }},
      {"damping", mjOBJ_JOINT, 0, true,
       [](mjModel& model, int id) -> mjtNum& { return Dof(model.dof_damping, model, id); }},
      {"armature", mjOBJ_JOINT, 0, true,
       [](mjModel& model, int id) -> mjtNum& { return Dof(model.dof_armature, model, id); }},
      {"friction_loss", mjOBJ_JOINT, 0, true,
       [](mjModel& model, int id) -> mjtNum& { return Dof(model.dof_frictionloss, model, id); }},
      {"stiffness", mjOBJ_JOINT, 0, true,
       [](mjModel& model, int id) -> mjtNum& { return model.jnt_stiffness[id]; }},
      {"strength", mjOBJ_ACTUATOR, 0, true,
       [](mjModel& model, int id) -> mjtNum& {
         return model.actuator_gainprm[std::ptrdiff_t{mjNGAIN} * id];
       }},
      {"gravity", mjOBJ_MODEL, kNone, true,
       [](mjModel& model, int) -> mjtNum& { return model.opt.gravity[2]; }},
  };
  return kFields;
}

const RandomField* FieldOf(const std::string& name) {
  return &*std::ranges::find(Fields(), name, &RandomField::name);
}

double Changed(const std::string& operation, double number, double value) {
  if (operation == "scale") return number * value;
  return operation == "add" ? number + value : value;
}

bool IsMassCenter(const std::string& field) { return field.starts_with("mass_center"); }

// MuJoCo takes short cuts where frames coincide: with the mass centre of body `id`, none does any
// more. Their rotations still do.
void SeparateMassCenter(mjModel& model, int id) {
  if (model.body_sameframe[id] == mjSAMEFRAME_BODY) model.body_sameframe[id] = mjSAMEFRAME_BODYROT;
  const auto separate = [id](mjtSize size, const int* bodies, mjtByte* frames) {
    for (mjtSize i = 0; i < size; ++i) {
      if (bodies[i] == id && frames[i] == mjSAMEFRAME_INERTIA) frames[i] = mjSAMEFRAME_INERTIAROT;
    }
  };
  separate(model.ngeom, model.geom_bodyid, model.geom_sameframe);
  separate(model.nsite, model.site_bodyid, model.site_sameframe);
}

bool HasFriction(const mjModel& model, int joint) {
  return model.dof_frictionloss[model.jnt_dofadr[joint]] > 0;
}

}  // namespace

void RandomizationOptions::Describe(OptionVisitor& visit) {
  std::vector<std::string> names;
  for (const RandomField& known : Fields()) names.push_back(known.name);
  visit("field", field,
        {.help = "what varies: of bodies (mass, mass_center_*), geoms (sliding friction), joints "
                 "(damping, armature, friction_loss, stiffness), actuators (strength), or gravity",
         .choices = names});
  if (field != "gravity" || visit.everything()) {
    visit("target", target, {.help = "whose: names or patterns, \"thigh*, torso\"", .min_size = 1});
    visit("shared", shared, {.help = "one value for all of them, or one for each"});
  }
  visit("operation", operation,
        {.help = "what a value does to that of the model", .choices = {"scale", "add", "set"}});
  visit("distribution", distribution,
        {.help = "uniform; log_uniform: its logarithm is; normal: about the middle of the range, "
                 "whose ends are two standard deviations off, never outside",
         .choices = {"uniform", "log_uniform", "normal"}});
  visit("per", per,
        {.help = "task: a row of it; episode: drawn anew in each", .choices = {"task", "episode"}});
  range.Describe(visit, "", "value", {.help = "", .min = -1e9, .max = 1e9},
                 per == "task" || visit.everything());
}

Randomization::Randomization(const RandomizationOptions& options, const Robot& robot)
    : options_(options), field_(FieldOf(options.field)) {
  const RandomField& field = *field_;
  mjModel& model = *robot.model;  // only read here
  if (field.kind == mjOBJ_MODEL) {
    elements_ = {0};
    names_ = {"world"};
  } else if (field.kind == mjOBJ_JOINT) {
    elements_ = robot.FindJoints("target", options.target);
  } else {
    // The world has no mass to change.
    elements_ = robot.FindAll(field.kind, "target", options.target,
                              [&](int id) { return field.kind != mjOBJ_BODY || id > 0; });
  }
  if (names_.empty()) {
    for (const int id : elements_) names_.push_back(NameOf(model, field.kind, id));
  }

  options.range.Check("");
  const auto check = [&](const std::string& option, const std::vector<double>& range) {
    if (options.distribution == "log_uniform" && range[0] <= 0) {
      throw OptionError(option, "must be above 0: the distribution is log_uniform");
    }
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      const double number = field.number(model, elements_[i]);
      for (const double value : range) {
        const double changed = Changed(options.operation, number, value);
        if (changed > field.lowest || (changed == field.lowest && field.may_be_lowest)) continue;
        throw OptionError(option, "would make the " + options.field + " of '" + names_[i] + "' " +
                                      std::to_string(changed) + ", which must be " +
                                      (field.may_be_lowest ? "at least 0" : "above 0"));
      }
    }
  };
  check("range", options.range.range);
  if (!options.range.test_range.empty()) check("test_range", options.range.test_range);

  // What cannot be changed in a compiled model.
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    const bool scales = options.operation == "scale" || options.field == "strength";
    if (scales && field.number(model, elements_[i]) == 0) {
      throw OptionError("operation", "the " + options.field + " of '" + names_[i] +
                                         "' is 0, which no factor changes; add or set it");
    }
    if (IsMassCenter(options.field) && model.body_simple[elements_[i]] != 0) {
      throw OptionError("target", "body '" + names_[i] +
                                      "' moves freely about its mass centre, which cannot be moved "
                                      "in it; give the body a small part off its centre");
    }
    if (options.field == "friction_loss" && !HasFriction(model, elements_[i])) {
      throw OptionError("field", "joint '" + names_[i] +
                                     "' has none in the model, which then leaves it out; give it a "
                                     "small frictionloss there");
    }
  }
}

std::vector<NamedUnit> Randomization::parameters() const {
  if (options_.field == "gravity") return {{"gravity", ""}};
  if (options_.shared) return {{options_.field + ":" + options_.target, ""}};
  std::vector<NamedUnit> parameters;
  for (const std::string& name : names_) parameters.push_back({options_.field + ":" + name, ""});
  return parameters;
}

double Randomization::Draw(Rng& rng, Phase phase) const {
  const auto [low, high] = options_.range.Of(phase);
  if (options_.distribution == "log_uniform") {
    return std::exp(rng.Uniform(std::log(low), std::log(high)));
  }
  if (options_.distribution == "uniform") return rng.Uniform(low, high);
  double value = 0;
  do {
    value = (low + high) / 2 + (high - low) / 4 * rng.Normal();
  } while (value < low || value > high);
  return value;
}

void Randomization::Apply(VectorIn values, mjModel& model) const {
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    Change(i, values[options_.shared ? 0 : static_cast<Eigen::Index>(i)], model);
  }
}

void Randomization::ApplyDrawn(Rng& rng, mjModel& model) const {
  double value = 0;
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    if (i == 0 || !options_.shared) value = Draw(rng, Phase::kTrain);
    Change(i, value, model);
  }
}

void Randomization::Change(std::size_t element, double value, mjModel& model) const {
  const int id = elements_[element];
  mjtNum& number = field_->number(model, id);
  const double old = number;
  number = Changed(options_.operation, old, value);
  if (options_.field == "mass" && options_.operation != "add") {
    // The same shape of another density. What is added is a point at the centre of mass.
    for (int k = 0; k < 3; ++k) model.body_inertia[3 * id + k] *= number / old;
  }
  if (IsMassCenter(options_.field)) SeparateMassCenter(model, id);
  if (options_.field == "strength") {
    // A servo's force is gain * control + bias: all of it gets weaker.
    for (int k = 0; k < 3; ++k) model.actuator_biasprm[mjNBIAS * id + k] *= number / old;
  }
}

}  // namespace anole
