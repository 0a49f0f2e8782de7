#include "envs/robot/start_value.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "configs/user_error.h"
#include "envs/robot/actuators.h"
#include "envs/robot/free_body.h"

namespace anole {

void StartValue::Describe(VisitOf<StartValue> visit) {
  visit("joints", &StartValue::joints,
        {.help = "hinges and slides, by names or patterns, that start at `value`"});
  visit("actuators", &StartValue::actuators,
        {.help = "names or patterns of those whose controls are `value` at the start, and stay so "
                 "if no [[action]] commands them"});
  visit("body", &StartValue::body, {.help = "a free or mocap body that starts elsewhere"});
  visit("keyframe", &StartValue::keyframe,
        {.help = "another one, with which some episodes begin, by its name or \"#0\"; what other "
                 "[[start]]s say of joints and controls is then not so, but for noise; "
                 "observations and actions go on counting "
                 "from the start of [robot]"});
  if (const auto where = visit.Where(!visit->keyframe.empty(), "keyframe is set")) {
    where("share", &StartValue::share, {.help = "of the episodes", .max = 1, .positive = true});
  }
  visit("value", &StartValue::value, {.help = "of joints or controls", .min = -1e6, .max = 1e6});
  visit("noise", &StartValue::noise,
        {.help = "of joints, within +- of which they start; -1: [robot] position_noise",
         .min = -1,
         .max = 1e3});
  if (const auto where = visit.Where(visit->noise >= 0, "noise is set")) {
    where("noise_kind", &StartValue::noise_kind,
          {.help = "uniform, or normal with the noise as standard deviation, within the limits of "
                   "the joints"});
  }
  visit("position", &StartValue::position,
        {.help = "of a body: x, y, z in the world; []: as it is",
         .unit = "m",
         .min = -1e6,
         .max = 1e6,
         .max_size = 3});
  visit("orientation", &StartValue::orientation,
        {.help = "of a body: a quaternion w, x, y, z; []: as it is",
         .min = -1e3,
         .max = 1e3,
         .max_size = 4});
}

void StartValue::Check() const {
  const auto kinds =
      std::ranges::count_if(std::array{&joints, &actuators, &body, &keyframe},
                            [](const std::string* words) { return !words->empty(); });
  if (kinds != 1) {
    throw OptionError("joints",
                      "one [[start]] is of joints, of actuators, of a body or of a keyframe");
  }
  if (body.empty() && (!position.empty() || !orientation.empty())) {
    throw OptionError(position.empty() ? "orientation" : "position", "is of a body");
  }
  if (joints.empty() && actuators.empty() && value != 0) {
    throw OptionError("value", "is of joints or actuators");
  }
  if (joints.empty() && noise >= 0) throw OptionError("noise", "is of joints");
}

void StartValue::Apply(const Robot& robot, mjData& data, StartNoise& start_noise) const {
  if (!joints.empty()) ApplyJoints(robot, data, start_noise);
  if (!actuators.empty()) ApplyActuators(robot, data);
  if (!body.empty()) ApplyBody(robot, data);
}

void StartValue::ApplyJoints(const Robot& robot, mjData& data, StartNoise& start_noise) const {
  for (const int joint : robot.FindJoints("joints", joints)) {
    const int address = robot.model->jnt_qposadr[joint];
    data.qpos[address] = value;
    if (noise < 0) continue;
    const bool is_normal = noise_kind == NoiseKind::kNormal;
    start_noise.uniform[address] = is_normal ? 0 : noise;
    start_noise.normal[address] = is_normal ? noise : 0;
  }
}

void StartValue::ApplyActuators(const Robot& robot, mjData& data) const {
  for (const int actuator : robot.FindAll(mjOBJ_ACTUATOR, "actuators", actuators)) {
    for (const ActuatorInput& input : InputsOf(*robot.model, actuator)) {
      const auto [lowest, highest] = ControlLimits(*robot.model, input.address);
      if (value < lowest || value > highest) {
        throw OptionError("value", "is outside of the ctrlrange of actuator '" + input.name + "'");
      }
      data.ctrl[input.address] = value;
    }
  }
}

void StartValue::ApplyBody(const Robot& robot, mjData& data) const {
  const mjModel& model = *robot.model;
  const int id = robot.Find(mjOBJ_BODY, "body", body);
  const int mocap = model.body_mocapid[id], joint = FreeJointOf(model, id);
  if (mocap < 0 && joint < 0) {
    throw OptionError("body", "is neither a mocap body nor one with a <freejoint>");
  }
  if (position.empty() && orientation.empty()) {
    throw OptionError("position", "it or orientation must say how the body starts");
  }
  mjtNum* const place = joint >= 0 ? data.qpos + model.jnt_qposadr[joint]
                                   : data.mocap_pos + std::ptrdiff_t{3} * mocap;
  mjtNum* const turned = joint >= 0 ? place + 3 : data.mocap_quat + std::ptrdiff_t{4} * mocap;
  if (!position.empty()) {
    if (position.size() != 3) throw OptionError("position", "must be three numbers");
    std::ranges::copy(position, place);
  }
  if (orientation.empty()) return;
  if (orientation.size() != 4) throw OptionError("orientation", "must be four numbers");
  std::ranges::copy(orientation, turned);
  if (mju_normalize4(turned) < mjMINVAL) throw OptionError("orientation", "must not be zeros");
}

}  // namespace anole
