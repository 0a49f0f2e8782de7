#include "envs/robot/random_fields.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "envs/model_rewrite.h"
#include "envs/robot/actuator_strength.h"
#include "envs/robot/free_body.h"
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

// The first of the moments of inertia about the principal axes, with which the others grow.
double Inertia(const mjModel& model, int id) { return model.body_inertia[std::ptrdiff_t{3} * id]; }
void ChangeInertia(mjModel& model, int id, double number, double old, bool /*added*/) {
  for (int k = 0; k < 3; ++k) model.body_inertia[3 * id + k] *= number / old;
}

// Of the same shape and another density or, where it is added, with a point at the mass centre.
void ChangeMass(mjModel& model, int id, double number, double old, bool added) {
  model.body_mass[id] = number;
  if (!added) ChangeInertia(model, id, number, old, added);
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

// Where a joint's angle is counted from: the robot stands otherwise than it reads.
mjtNum* Zero(const mjModel& model, int id) { return model.qpos0 + model.jnt_qposadr[id]; }

template <int kAxis>
mjtNum* PlaceInParent(const mjModel& model, int id) {
  return model.body_pos + std::ptrdiff_t{3} * id + kAxis;
}

mjtNum* TorsionalFriction(const mjModel& model, int id) { return Friction(model, id) + 1; }
mjtNum* RollingFriction(const mjModel& model, int id) { return Friction(model, id) + 2; }

// The first of a geom's sizes, with which the others grow.
mjtNum* Size(const mjModel& model, int id) { return model.geom_size + std::ptrdiff_t{3} * id; }
void ChangeSize(mjModel& model, int id, double number, double old, bool /*added*/) {
  for (int k = 0; k < 3; ++k) Size(model, id)[k] *= number / old;
  model.geom_rbound[id] *= number / old;
  for (int k = 0; k < 6; ++k) model.geom_aabb[std::ptrdiff_t{6} * id + k] *= number / old;
}

// Of a servo: force = kp * (control - length) - kd * velocity.
mjtNum* Gain(const mjModel& model, int id) {
  return model.actuator_gainprm + std::ptrdiff_t{mjNGAIN} * id;
}
mjtNum* Bias(const mjModel& model, int id) {
  return model.actuator_biasprm + std::ptrdiff_t{mjNBIAS} * id;
}
bool IsServo(const mjModel& model, int id) {
  return model.actuator_plugin[id] < 0 && model.actuator_gaintype[id] == mjGAIN_FIXED &&
         model.actuator_biastype[id] == mjBIAS_AFFINE && Bias(model, id)[1] < 0;
}
double Kp(const mjModel& model, int id) { return -Bias(model, id)[1]; }
void ChangeKp(mjModel& model, int id, double number, double old, bool /*added*/) {
  Gain(model, id)[0] *= number / old;
  Bias(model, id)[1] *= number / old;
}
double Kd(const mjModel& model, int id) { return -Bias(model, id)[2]; }
void ChangeKd(mjModel& model, int id, double number, double /*old*/, bool /*added*/) {
  Bias(model, id)[2] = -number;
}

// The largest force of an actuator, which its least one goes with.
double ForceLimit(const mjModel& model, int id) {
  return model.actuator_forcerange[2 * std::ptrdiff_t{id} + 1];
}
void ChangeForceLimit(mjModel& model, int id, double number, double old, bool /*added*/) {
  for (int k = 0; k < 2; ++k) model.actuator_forcerange[2 * std::ptrdiff_t{id} + k] *= number / old;
}

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

Obstacle IsZero(const RandomField& field, const Element& element, const std::string& advice) {
  return {"operation",
          "the " + field.name + " of '" + element.name + "' is 0, which no factor changes" + advice,
          field.name + " 0"};
}

Obstacle OfNumber(const RandomField& field, const Element& element, Operation operation) {
  if (operation != Operation::kScale || field.number(element.model, element.id) != 0) return {};
  return IsZero(field, element, "; add or set it");
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

Obstacle OfInertia(const RandomField& field, const Element& element, Operation operation) {
  const mjtNum* const moments = element.model.body_inertia + std::ptrdiff_t{3} * element.id;
  if (*std::min_element(moments, moments + 3) == 0) return Massless(element);
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

Obstacle OfServo(const RandomField& field, const Element& element, Operation operation) {
  if (!IsServo(element.model, element.id)) {
    return {"target", "actuator '" + element.name + "' is no servo with kp and kd of its own",
            "no servo"};
  }
  return OfNumber(field, element, operation);
}

Obstacle OfForceLimit(const RandomField& field, const Element& element, Operation /*operation*/) {
  if (element.model.actuator_forcelimited[element.id] != 0 &&
      field.number(element.model, element.id) > 0) {
    return {};
  }
  return {"target", "actuator '" + element.name + "' has no forcerange in the model",
          "no forcerange"};
}

Obstacle OfSize(const RandomField& field, const Element& element, Operation operation) {
  switch (element.model.geom_type[element.id]) {
    case mjGEOM_SPHERE:
    case mjGEOM_CAPSULE:
    case mjGEOM_ELLIPSOID:
    case mjGEOM_CYLINDER:
    case mjGEOM_BOX:
      return OfNumber(field, element, operation);
    default:
      return {"target",
              "geom '" + element.name + "' is no sphere, capsule, ellipsoid, cylinder or box",
              "no simple shape"};
  }
}

// A body that moves by a <freejoint>, or a mocap body, is where its state says.
Obstacle OfPlaceInParent(const RandomField& field, const Element& element, Operation operation) {
  const mjModel& model = element.model;
  if (FreeJointOf(model, element.id) >= 0 || model.body_mocapid[element.id] >= 0) {
    return {"target", "body '" + element.name + "' is not fixed to its parent; a [[place]] puts it",
            "free"};
  }
  return OfNumber(field, element, operation);
}

// Whatever the operation, it comes down to a factor.
Obstacle OfStrength(const RandomField& field, const Element& element, Operation /*operation*/) {
  if (const std::string reason = WhyNoStrength(element.model, element.id); !reason.empty()) {
    return {"target", "actuator '" + element.name + "' " + reason, reason};
  }
  if (field.number(element.model, element.id) == 0) return IsZero(field, element, "");
  return {};
}

}  // namespace

const std::vector<RandomField>& RandomFields() {
  static const std::vector<RandomField> kFields = {
      {"mass", mjOBJ_BODY, 0, false, NumberOf<Mass>, ChangeMass, OfMass},
      {"mass_alone", mjOBJ_BODY, 0, false, NumberOf<Mass>, Change<Mass>, OfMass},
      {"inertia", mjOBJ_BODY, 0, false, Inertia, ChangeInertia, OfInertia},
      {"mass_center_x", mjOBJ_BODY, kNone, true, NumberOf<MassCenter<0>>, ChangeMassCenter<0>,
       OfMassCenter},
      {"mass_center_y", mjOBJ_BODY, kNone, true, NumberOf<MassCenter<1>>, ChangeMassCenter<1>,
       OfMassCenter},
      {"mass_center_z", mjOBJ_BODY, kNone, true, NumberOf<MassCenter<2>>, ChangeMassCenter<2>,
       OfMassCenter},
      {"friction", mjOBJ_GEOM, 0, true, NumberOf<Friction>, Change<Friction>, OfFriction, 0, 2},
      {"damping", mjOBJ_JOINT, 0, true, NumberOf<Damping>, Change<Damping>, OfNumber},
      {"armature", mjOBJ_JOINT, 0, true, NumberOf<Armature>, Change<Armature>, OfNumber},
      {"friction_loss", mjOBJ_JOINT, 0, true, NumberOf<FrictionLoss>, Change<FrictionLoss>,
       OfFrictionLoss},
      {"stiffness", mjOBJ_JOINT, 0, true, NumberOf<Stiffness>, Change<Stiffness>, OfNumber},
      {"strength", mjOBJ_ACTUATOR, 0, true, StrengthOf, ChangeStrength, OfStrength},
      {"kp", mjOBJ_ACTUATOR, 0, false, Kp, ChangeKp, OfServo},
      {"kd", mjOBJ_ACTUATOR, 0, true, Kd, ChangeKd, OfServo},
      {"force_limit", mjOBJ_ACTUATOR, 0, false, ForceLimit, ChangeForceLimit, OfForceLimit},
      {"joint_zero", mjOBJ_JOINT, kNone, true, NumberOf<Zero>, Change<Zero>, OfNumber},
      {"place_x", mjOBJ_BODY, kNone, true, NumberOf<PlaceInParent<0>>, Change<PlaceInParent<0>>,
       OfPlaceInParent},
      {"place_y", mjOBJ_BODY, kNone, true, NumberOf<PlaceInParent<1>>, Change<PlaceInParent<1>>,
       OfPlaceInParent},
      {"place_z", mjOBJ_BODY, kNone, true, NumberOf<PlaceInParent<2>>, Change<PlaceInParent<2>>,
       OfPlaceInParent},
      {"size", mjOBJ_GEOM, 0, false, NumberOf<Size>, ChangeSize, OfSize},
      {"torsional_friction", mjOBJ_GEOM, 0, true, NumberOf<TorsionalFriction>,
       Change<TorsionalFriction>, OfFriction, 2, 1},
      {"rolling_friction", mjOBJ_GEOM, 0, true, NumberOf<RollingFriction>, Change<RollingFriction>,
       OfFriction, 3, 2},
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
