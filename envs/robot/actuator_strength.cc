#include "envs/robot/actuator_strength.h"

#include <cmath>
#include <cstddef>

namespace anole {
namespace {

template <class Numbers>
Numbers* Of(Numbers* values, int width, int element) {
  return values + std::ptrdiff_t{width} * element;
}

// A muscle's force is given, or its scale where that is negative.
int MusclesNumber(const mjtNum* parameters) { return parameters[2] >= 0 ? 2 : 3; }

bool OfJoint(int transmission) {
  return transmission == mjTRN_JOINT || transmission == mjTRN_JOINTINPARENT;
}

// Whether no other actuator acts on the same joint or tendon.
bool ActsAlone(const mjModel& model, int actuator) {
  const int target = model.actuator_trnid[std::ptrdiff_t{2} * actuator];
  const int type = model.actuator_trntype[actuator];
  for (int i = 0; i < model.nactuator; ++i) {
    const bool alike =
        model.actuator_trntype[i] == type || (OfJoint(model.actuator_trntype[i]) && OfJoint(type));
    if (i != actuator && alike && model.actuator_trnid[std::ptrdiff_t{2} * i] == target)
      return false;
  }
  return true;
}

void Scale(mjtNum* numbers, int count, double factor) {
  for (int i = 0; i < count; ++i) numbers[i] *= factor;
}

}  // namespace

double StrengthOf(const mjModel& model, int actuator) {
  const mjtNum* const gain = Of(model.actuator_gainprm, mjNGAIN, actuator);
  const mjtNum* const bias = Of(model.actuator_biasprm, mjNBIAS, actuator);
  const auto first = [](const mjtNum* numbers, int from) {
    for (int i = from; i < 3; ++i) {
      if (numbers[i] != 0) return std::abs(numbers[i]);
    }
    return 0.;
  };
  switch (model.actuator_gaintype[actuator]) {
    case mjGAIN_FIXED:
    case mjGAIN_SO3:
      return std::abs(gain[0]);
    case mjGAIN_AFFINE:
      return first(gain, 0);
    case mjGAIN_MUSCLE:
      return gain[MusclesNumber(gain)];
    case mjGAIN_PID:
      return first(bias, 1);
    default:
      return 0;
  }
}

void ScaleForce(mjModel& model, int actuator, double factor) {
  mjtNum* const gain = Of(model.actuator_gainprm, mjNGAIN, actuator);
  mjtNum* const bias = Of(model.actuator_biasprm, mjNBIAS, actuator);
  if (model.actuator_gaintype[actuator] == mjGAIN_MUSCLE) {
    gain[MusclesNumber(gain)] *= factor;
  } else {
    Scale(gain, 3, factor);  // of a PID controller: what acts on the integral
  }
  if (model.actuator_biastype[actuator] == mjBIAS_MUSCLE) {
    bias[MusclesNumber(bias)] *= factor;
  } else if (model.actuator_biastype[actuator] != mjBIAS_NONE) {
    Scale(bias, 3, factor);
  }
  if (model.actuator_forcelimited[actuator] != 0) {
    Scale(Of(model.actuator_forcerange, 2, actuator), 2, factor);
  }
  const int target = model.actuator_trnid[std::ptrdiff_t{2} * actuator];
  const int type = model.actuator_trntype[actuator];
  if (!ActsAlone(model, actuator)) return;
  if (OfJoint(type) && model.jnt_actfrclimited[target] != 0) {
    Scale(Of(model.jnt_actfrcrange, 2, target), 2, factor);
  }
  if (type == mjTRN_TENDON && model.tendon_actfrclimited[target] != 0) {
    Scale(Of(model.tendon_actfrcrange, 2, target), 2, factor);
  }
}

std::string WhyNoStrength(const mjModel& model, int actuator) {
  const int gain = model.actuator_gaintype[actuator];
  const int bias = model.actuator_biastype[actuator];
  if (model.actuator_plugin[actuator] >= 0) return "is a plugin's, whose force is its own affair";
  if (gain == mjGAIN_DCMOTOR) {
    return "is a DC motor, whose force is not proportional to any one of its numbers";
  }
  if (gain == mjGAIN_USER || bias == mjBIAS_USER) return "is of a type of its own, unknown here";
  if (gain == mjGAIN_PID && (model.actuator_ctrlspec[actuator] & mjINPUT_FF) != 0) {
    return "adds its input ff as a force, which no strength changes";
  }
  return "";
}

}  // namespace anole
