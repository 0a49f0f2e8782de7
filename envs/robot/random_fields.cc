#include "envs/robot/random_fields.h"

#include <cstddef>
#include <limits>

#include "envs/model_rewrite.h"
#include "envs/robot/actuator_strength.h"
#include "envs/robot/names.h"

namespace anole {
namespace {

constexpr double kNone = -std::numeric_limits<double>::infinity();

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

void ChangeMass(mjModel& model, int id, double number, double old, bool added) {
  model.body_mass[id] = number;
  if (added) return;  // a point at the centre of mass
  // The same shape of another density.
  for (int k = 0; k < 3; ++k) model.body_inertia[3 * id + k] *= number / old;
}

// Where the numbers of a field are: the one of element `id`.
using Place = mjtNum* (*)(const mjModel& model, int id);

template <Place kPlace>
double NumberOf(const mjModel& model, int id) {
  return *kPlace(model, id);
}
template <Place kPlace>
void Change(mjModel& model, int id, double number, double /*old*/, bool /*added*/) {
  *kPlace(model, id) = number;
}

template <int kAxis>
mjtNum* MassCenter(const mjModel& model, int id) {  // in the body's own axes
  return model.body_ipos + std::ptrdiff_t{3} * id + kAxis;
}
template <int kAxis>
void ChangeMassCenter(mjModel& model, int id, double number, double /*old*/, bool /*added*/) {
  *MassCenter<kAxis>(model, id) = number;
  SeparateMassCenter(model, id);
}

mjtNum* Mass(const mjModel& model, int id) { return model.body_mass + id; }
mjtNum* Friction(const mjModel& model, int id) {
  return model.geom_friction + std::ptrdiff_t{3} * id;
}
mjtNum* Damping(const mjModel& model, int id) { return model.dof_damping + model.jnt_dofadr[id]; }
mjtNum* Armature(const mjModel& model, int id) { return model.dof_armature + model.jnt_dofadr[id]; }
mjtNum* FrictionLoss(const mjModel& model, int id) {
  return model.dof_frictionloss + model.jnt_dofadr[id];
}
mjtNum* Stiffness(const mjModel& model, int id) { return model.jnt_stiffness + id; }

void ChangeStrength(mjModel& model, int id, double number, double old, bool /*added*/) {
  ScaleForce(model, id, number / old);
}

double Gravity(const mjModel& model, int /*id*/) { return model.opt.gravity[2]; }
void ChangeGravity(mjModel& model, int /*id*/, double number, double /*old*/, bool /*added*/) {
  model.opt.gravity[2] = number;
}

// Whether a <contact><pair> of the model's own names a geom. Pairs have a friction of their own.
bool InOwnPair(const mjModel& model, int geom) {
  for (mjtSize i = 0; i < model.npair; ++i) {
    if (IsMixedPair(model, i)) continue;
    if (model.pair_geom1[i] == geom || model.pair_geom2[i] == geom) return true;
  }
  return false;
}

bool TouchesNothing(const mjModel& model, int geom) {
  return model.geom_contype[geom] == 0 && model.geom_conaffinity[geom] == 0 &&
         !InOwnPair(model, geom);
}

using Element = RandomField::Element;

Obstacle Zero(const RandomField& field, const Element& element, const std::string& advice) {
  return {"operation",
          "the " + field.name + " of '" + element.name + "' is 0, which no factor changes" + advice,
          field.name + " 0"};
}

Obstacle OfNumber(const RandomField& field, const Element& element, Operation operation) {
  if (operation != Operation::kScale || field.number(element.model, element.id) != 0) return {};
  return Zero(field, element, "; add or set it");
}

Obstacle Massless(const Element& element) {
  return {"target",
          "body '" + element.name +
              "' has no mass in the model, and so no inertia that could go with "
              "one; give it a small mass there",
          "mass 0"};
}

Obstacle OfMass(const RandomField& field, const Element& element, Operation operation) {
  const bool massless = element.model.body_mass[element.id] == 0;
  if (massless && operation == Operation::kSet) return Massless(element);
  return OfNumber(field, element, operation);
}

Obstacle OfMassCenter(const RandomField& field, const Element& element, Operation operation) {
  if (element.model.body_mass[element.id] == 0) return Massless(element);
  if (element.model.body_simple[element.id] != 0) {
    return {"target",
            "body '" + element.name +
                "' moves freely about its mass centre, which cannot be moved in it; give the body "
                "a small part off its centre",
            "free about its mass centre"};
  }
  return OfNumber(field, element, operation);
}

Obstacle OfFriction(const RandomField& field, const Element& element, Operation operation) {
  if (TouchesNothing(element.model, element.id)) {
    return {"target",
            "geom '" + element.name +
                "' touches nothing: its contype and conaffinity are 0, and no <pair> names it",
            "touches nothing"};
  }
  if (InOwnPair(element.model, element.id)) return {};  // whose friction is changed, too
  return OfNumber(field, element, operation);
}

Obstacle OfFrictionLoss(const RandomField& field, const Element& element, Operation operation) {
  if (field.number(element.model, element.id) == 0) {
    return {"field",
            "joint '" + element.name +
                "' has none in the model, which then leaves it out; give it a small frictionloss "
                "there",
            "frictionloss 0"};
  }
  return OfNumber(field, element, operation);
}

// Whatever the operation, it comes down to a factor.
Obstacle OfStrength(const RandomField& field, const Element& element, Operation /*operation*/) {
  if (const std::string reason = WhyNoStrength(element.model, element.id); !reason.empty()) {
    return {"target", "actuator '" + element.name + "' " + reason, reason};
  }
  if (field.number(element.model, element.id) == 0) return Zero(field, element, "");
  return {};
}

}  // namespace

const std::vector<RandomField>& RandomFields() {
  static const std::vector<RandomField> kFields = {
      {"mass", mjOBJ_BODY, 0, false, NumberOf<Mass>, ChangeMass, OfMass},
      {"mass_center_x", mjOBJ_BODY, kNone, true, NumberOf<MassCenter<0>>, ChangeMassCenter<0>,
       OfMassCenter},
      {"mass_center_y", mjOBJ_BODY, kNone, true, NumberOf<MassCenter<1>>, ChangeMassCenter<1>,
       OfMassCenter},
      {"mass_center_z", mjOBJ_BODY, kNone, true, NumberOf<MassCenter<2>>, ChangeMassCenter<2>,
       OfMassCenter},
      {"friction", mjOBJ_GEOM, 0, true, NumberOf<Friction>, Change<Friction>, OfFriction},
      {"damping", mjOBJ_JOINT, 0, true, NumberOf<Damping>, Change<Damping>, OfNumber},
      {"armature", mjOBJ_JOINT, 0, true, NumberOf<Armature>, Change<Armature>, OfNumber},
      {"friction_loss", mjOBJ_JOINT, 0, true, NumberOf<FrictionLoss>, Change<FrictionLoss>,
       OfFrictionLoss},
      {"stiffness", mjOBJ_JOINT, 0, true, NumberOf<Stiffness>, Change<Stiffness>, OfNumber},
      {"strength", mjOBJ_ACTUATOR, 0, true, StrengthOf, ChangeStrength, OfStrength},
      {"gravity", mjOBJ_MODEL, kNone, true, Gravity, ChangeGravity, OfNumber},
  };
  return kFields;
}

double ChangedNumber(Operation operation, double number, double value) {
  switch (operation) {
    case Operation::kScale:
      return number * value;
    case Operation::kAdd:
      return number + value;
    case Operation::kSet:
      break;
  }
  return value;
}

Obstacle ObstacleOf(const RandomField& field, const mjModel& model, int id, Operation operation) {
  const std::string name = field.has_elements() ? ElementName(model, field.kind, id) : "world";
  return field.obstacle(field, {model, id, name}, operation);
}

}  // namespace anole
