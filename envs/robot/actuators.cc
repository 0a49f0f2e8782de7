#include "envs/robot/actuators.h"

#include <cmath>
#include <cstddef>
#include <limits>

#include "configs/user_error.h"
#include "envs/mujoco.h"

namespace anole {
namespace {

// Why an actuator holds nothing at a place.
struct Refusal {
  std::string reason;
};

struct ForceLaw {
  double gain = 0, constant = 0, per_length = 0, per_velocity = 0;
};

struct Transmission {
  std::string what;
  int joint = -1;
  double ratio = 1;  // length per place
};

const mjtNum* Gear(const mjModel& model, int actuator) {
  return model.actuator_gear + std::ptrdiff_t{6} * model.actuator_outadr[actuator];
}

double GainOf(const mjModel& model, int actuator) {
  const mjtNum* const gain = model.actuator_gainprm + std::ptrdiff_t{mjNGAIN} * actuator;
  const mjtNum* const bias = model.actuator_biasprm + std::ptrdiff_t{mjNBIAS} * actuator;
  const bool takes_position = (model.actuator_ctrlspec[actuator] & mjINPUT_POS) != 0;
  switch (model.actuator_gaintype[actuator]) {
    case mjGAIN_FIXED:
      return gain[0];
    case mjGAIN_AFFINE:
      if (gain[1] == 0 && gain[2] == 0) return gain[0];
      if (gain[0] == 0 && gain[1] == 0) {
        throw Refusal{"is a damper: its control is a coefficient of damping"};
      }
      throw Refusal{"has a gain that changes with its length or velocity"};
    case mjGAIN_MUSCLE:
      throw Refusal{"is a muscle: its control is an excitation, and it only pulls"};
    case mjGAIN_SO3:
      throw Refusal{"commands an orientation, not the place of a hinge or slide"};
    case mjGAIN_PID:
      if (!takes_position) throw Refusal{"is a PID controller without a position among its inputs"};
      return -bias[1];
    case mjGAIN_DCMOTOR: {
      if (!takes_position) throw Refusal{"is a DC motor without a position among its inputs"};
      const bool rubs = model.actuator_dynprm[std::ptrdiff_t{mjNDYN} * actuator + 5] > 0;
      if (bias[0] != 0 || rubs) {
        throw Refusal{"is a DC motor whose cogging or friction keeps it off its target"};
      }
      return gain[4];
    }
    default:
      throw Refusal{"is of a type of its own, unknown here"};
  }
}

ForceLaw LawOf(const mjModel& model, int actuator) {
  const mjtNum* const bias = model.actuator_biasprm + std::ptrdiff_t{mjNBIAS} * actuator;
  if (model.actuator_plugin[actuator] >= 0) throw Refusal{"is a plugin's"};
  ForceLaw law{.gain = GainOf(model, actuator)};
  switch (model.actuator_biastype[actuator]) {
    case mjBIAS_NONE:
      break;
    case mjBIAS_AFFINE:
      law.constant = bias[0];
      law.per_length = bias[1];
      law.per_velocity = bias[2];
      break;
    case mjBIAS_DCMOTOR:  // its own controller: see GainOf
      law.per_length = -law.gain;
      break;
    case mjBIAS_MUSCLE:
      throw Refusal{"has the passive force of a muscle"};
    default:
      throw Refusal{"is of a type of its own, unknown here"};
  }
  switch (model.actuator_dyntype[actuator]) {
    case mjDYN_NONE:
    case mjDYN_FILTER:
    case mjDYN_FILTEREXACT:
    case mjDYN_PID:
    case mjDYN_DCMOTOR:
      break;
    case mjDYN_INTEGRATOR:
      throw Refusal{"integrates its control, which is a velocity"};
    case mjDYN_MUSCLE:
      throw Refusal{"has the activation of a muscle: its control is an excitation"};
    default:
      throw Refusal{"is of a type of its own, unknown here"};
  }
  // An integral of the error leaves nothing of a constant force.
  const bool integrates = model.actuator_gaintype[actuator] == mjGAIN_PID &&
                          model.actuator_gainprm[std::ptrdiff_t{mjNGAIN} * actuator] > 0;
  if (integrates) law.constant = 0;
  if (law.gain == 0) throw Refusal{"has a gain of 0: no control moves it"};
  if (law.per_length > 0) throw Refusal{"pushes away from where it is: it holds no place"};
  if (law.per_length == 0 && law.per_velocity != 0) {
    throw Refusal{"is a velocity servo: its control is a velocity"};
  }
  if (law.per_length == 0 && model.actuator_dyntype[actuator] != mjDYN_NONE) {
    throw Refusal{"builds its force up over time: a stiffness would act too late"};
  }
  return law;
}

Transmission OfJoint(const mjModel& model, int joint, double ratio) {
  if (model.jnt_type[joint] != mjJNT_HINGE && model.jnt_type[joint] != mjJNT_SLIDE) {
    throw Refusal{"moves no hinge or slide"};
  }
  return {.what = "", .joint = joint, .ratio = ratio};
}

Transmission OfTendon(const mjModel& model, int tendon, double gear) {
  const int wrap = model.tendon_adr[tendon];
  if (model.tendon_num[tendon] == 1 && model.wrap_type[wrap] == mjWRAP_JOINT) {
    return OfJoint(model, model.wrap_objid[wrap], gear * model.wrap_prm[wrap]);
  }
  const std::string name = ElementName(model, mjOBJ_TENDON, tendon);
  return {.what = "length of tendon '" + name + "'", .ratio = gear};
}

Transmission TransmissionOf(const mjModel& model, int actuator) {
  const int target = model.actuator_trnid[std::ptrdiff_t{2} * actuator];
  const mjtNum* const gear = Gear(model, actuator);
  Transmission transmission;
  switch (model.actuator_trntype[actuator]) {
    case mjTRN_JOINT:
    case mjTRN_JOINTINPARENT:
      transmission = OfJoint(model, target, gear[0]);
      break;
    case mjTRN_TENDON:
      transmission = OfTendon(model, target, gear[0]);
      break;
    case mjTRN_SITE: {
      if (model.actuator_trnid[2 * actuator + 1] < 0) {
        throw Refusal{"pushes a site that has no refsite: it has no place"};
      }
      const std::string name = ElementName(model, mjOBJ_SITE, target);
      const double length = Eigen::Map<const Eigen::Matrix<double, 6, 1>>(gear).norm();
      transmission = {.what = "place of site '" + name + "' along its gear", .ratio = length};
      break;
    }
    case mjTRN_SLIDERCRANK:
      throw Refusal{"moves a slider by a crank, whose length is not proportional to a joint"};
    case mjTRN_BODY:
      throw Refusal{"is an adhesion: it moves no hinge or slide"};
    default:
      throw Refusal{"moves no hinge or slide"};
  }
  if (transmission.ratio == 0) throw Refusal{"has a gear of 0: it moves nothing"};
  return transmission;
}

// Where it is at the start.
double HomeOf(const Robot& robot, int actuator, const Transmission& transmission) {
  const mjModel& model = *robot.model;
  if (transmission.joint >= 0) return robot.start.qpos[model.jnt_qposadr[transmission.joint]];
  const DataPtr data = robot.AtStart();
  return data->actuator_length[model.actuator_outadr[actuator]] / transmission.ratio;
}

}  // namespace

std::vector<ActuatorInput> InputsOf(const mjModel& model, int actuator) {
  const std::string name = ElementName(model, mjOBJ_ACTUATOR, actuator);
  if (model.actuator_gaintype[actuator] == mjGAIN_SO3 &&
      model.actuator_ctrlspec[actuator] == mjCHART_QUAT) {
    throw OptionError("actuators", "'" + name +
                                       "' takes a quaternion, whose four numbers cannot be chosen "
                                       "freely; give it input=\"expmap\" in the model");
  }
  const int count = model.actuator_ctrlnum[actuator];
  std::vector<ActuatorInput> inputs;
  for (int i = 0; i < count; ++i) {
    const char* const input = mj_actuatorInputName(&model, actuator, i);
    const std::string part = input == nullptr ? std::to_string(i) : input;
    inputs.push_back({model.actuator_ctrladr[actuator] + i, count == 1 ? name : name + "." + part});
  }
  return inputs;
}

std::pair<double, double> ControlLimits(const mjModel& model, int address) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (model.actuator_ctrllimited[address] == 0) return {-kInfinity, kInfinity};
  const mjtNum* const range = model.actuator_ctrlrange + std::ptrdiff_t{2} * address;
  return {range[0], range[1]};
}

bool IsDisabled(const mjModel& model, int actuator) {
  const int group = model.actuator_group[actuator];
  return group >= 0 && group <= 30 && (model.opt.disableactuator & (1 << group)) != 0;
}

PositionCommand CommandPosition(const Robot& robot, int actuator, bool stiff) {
  const mjModel& model = *robot.model;
  const std::string name = ElementName(model, mjOBJ_ACTUATOR, actuator);
  try {
    const ForceLaw law = LawOf(model, actuator);
    const Transmission transmission = TransmissionOf(model, actuator);
    const bool servo = law.per_length < 0;
    if (!servo && transmission.joint < 0) {
      throw Refusal{"is a motor that moves no single hinge or slide, which a stiffness is about"};
    }
    if (servo == stiff) {
      throw OptionError(stiff ? "stiffness" : "kind",
                        "actuator '" + name + "' is " +
                            (stiff ? "a servo, which has a stiffness of its own in the model"
                                   : "a motor, which needs a stiffness to hold a position"));
    }
    // The position is the first of several inputs.
    PositionCommand command{.input = {model.actuator_ctrladr[actuator], name},
                            .servo = servo,
                            .offset = -law.constant / law.gain,
                            .factor = servo ? -law.per_length * transmission.ratio / law.gain
                                            : 1 / (law.gain * transmission.ratio),
                            .what = transmission.what,
                            .home = HomeOf(robot, actuator, transmission)};
    if (transmission.joint >= 0) {
      command.position = model.jnt_qposadr[transmission.joint];
      command.velocity = model.jnt_dofadr[transmission.joint];
    }
    return command;
  } catch (const Refusal& refusal) {
    throw OptionError("kind", "actuator '" + name + "' " + refusal.reason +
                                  "; kind = \"control\" sets its control itself");
  }
}

void HoldJoint(const PositionCommand& servo, mjData& data) {
  data.ctrl[servo.input.address] = servo.offset + servo.factor * data.qpos[servo.position];
}

std::vector<PositionCommand> ServosOf(const Robot& robot, const std::vector<int>& joints) {
  const mjModel& model = *robot.model;
  std::vector<PositionCommand> servos;
  for (int actuator = 0; actuator < model.nactuator; ++actuator) {
    try {
      PositionCommand servo = CommandPosition(robot, actuator, false);
      const auto moves = [&](int id) { return model.jnt_qposadr[id] == servo.position; };
      if (std::ranges::any_of(joints, moves)) servos.push_back(std::move(servo));
    } catch (const OptionError&) {
      continue;  // no servo
    }
  }
  return servos;
}

}  // namespace anole
