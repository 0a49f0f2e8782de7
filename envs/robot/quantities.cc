#include "envs/robot/quantities.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "configs/user_error.h"

namespace anole {
void JointOptions::Describe(VisitOf<JointOptions> visit) {
  visit("joints", &JointOptions::joints,
        {.help = "hinges and slides: names or patterns, \"hip*, knee*\"", .min_size = 1});
}

void BodyVelocity::Describe(VisitOf<BodyVelocity> visit) {
  visit("body", &BodyVelocity::body, {.help = "whose velocity it is", .min_size = 1});
  visit("axis", &BodyVelocity::axis, {.help = "along, or about, which axis"});
  visit("frame", &BodyVelocity::frame, {.help = "whose axes: the world's, or the body's own"});
}

void BodyVelocity::Bind(const Robot& robot) { id_ = robot.Find(mjOBJ_BODY, "body", body); }

double BodyVelocity::Value(const RobotState& state) const {
  return VelocityOf(state, id_, frame)[static_cast<Eigen::Index>(axis)];
}

void VelocityError::Describe(VisitOf<VelocityError> visit) {
  visit("command", &VelocityError::command,
        {.help = "name of the velocity to keep", .min_size = 1});
  visit(&VelocityError::velocity);
}

void VelocityError::Bind(const Robot& robot) {
  row_ = robot.FindCommand("command", command);
  velocity.Bind(robot);
}

Eigen::Matrix<double, 6, 1> VelocityOf(const RobotState& state, int body, Frame frame) {
  Eigen::Matrix<double, 6, 1> velocity;
  mj_objectVelocity(&state.model, &state.data, mjOBJ_XBODY, body, velocity.data(),
                    frame == Frame::kBody ? 1 : 0);
  return velocity;
}

Eigen::Matrix<double, 6, 1> VelocityOf(const RobotState& state, const ModelPart& part) {
  Eigen::Matrix<double, 6, 1> velocity;
  const mjtObj kind = part.kind == mjOBJ_SITE ? mjOBJ_SITE : mjOBJ_XBODY;
  mj_objectVelocity(&state.model, &state.data, kind, part.id, velocity.data(), 0);
  return velocity;
}

Eigen::Vector3d ProjectedGravity(const RobotState& state, int body) {
  return -Eigen::Map<const Eigen::Vector3d>(state.data.xmat + std::ptrdiff_t{9} * body + 6);
}

void Distance::Describe(VisitOf<Distance> visit) {
  visit("of", &Distance::of, {.help = "a site or body", .min_size = 1});
  visit(
      "target", &Distance::target,
      {.help = "a site or body, or one to three commands: \"target_x, target_y\"", .min_size = 1});
}

void Distance::Bind(const Robot& robot) {
  thing_ = robot.FindPart("of", of);
  place_.rows.clear();
  const std::vector<std::string> names = SplitList(target);
  const auto is_command = [&](const RobotCommand& command) { return command.name == names[0]; };
  if (names.size() == 1 && std::ranges::none_of(robot.commands, is_command)) {
    place_.part = robot.FindPart("target", names[0]);
    return;
  }
  if (names.size() > 3) throw OptionError("target", "must be at most three commands");
  for (const std::string& name : names) {
    commands_.push_back(robot.FindCommand("target", name));
    place_.rows.push_back(RowOf(robot.commands, commands_.back()));
  }
}

double Distance::Value(const RobotState& state) const {
  return Between(state, PlaceOf(state), TargetOf(state));
}

double Distance::Between(const RobotState& state, const Eigen::Vector3d& thing,
                         const Eigen::Vector3d& aim) const {
  if (commands_.empty()) return (aim - thing).norm();
  Eigen::Vector3d way = thing;
  for (std::size_t i = 0; i < commands_.size(); ++i) {
    way[static_cast<Eigen::Index>(i)] -= state.commands[commands_[i]];
  }
  for (std::size_t i = commands_.size(); i < 3; ++i) way[static_cast<Eigen::Index>(i)] = 0;
  return way.norm();
}

void Kernel::Describe(VisitOf<Kernel> visit) {
  visit("kernel", &Kernel::shape,
        {.help = "how an error e counts: -|e|, -e^2, exp(-(e / tolerance)^2), or 1 / (1 + 9 (e / "
                 "tolerance)^2), whose tail is long"});
  visit("within", &Kernel::within,
        {.help = "an error up to which counts as none; a larger one by what is beyond",
         .min = 0,
         .max = 1e6});
  const bool fades =
      visit->shape == KernelShape::kExponential || visit->shape == KernelShape::kLongTail;
  if (const auto where = visit.Where(fades, "kernel is exponential or long_tail")) {
    where("tolerance", &Kernel::tolerance,
          {.help = "error at which an exponential kernel has fallen to 1/e, a long tail to .1",
           .max = 1e6,
           .positive = true});
  }
}

double Kernel::Of(double error, double own_tolerance) const {
  const double beyond = std::max(std::abs(error) - within, 0.0);
  switch (shape) {
    case KernelShape::kAbsolute:
      return -beyond;
    case KernelShape::kSquared:
      return -beyond * beyond;
    case KernelShape::kExponential:
      return std::exp(-beyond * beyond / (own_tolerance * own_tolerance));
    case KernelShape::kLongTail:
      break;
  }
  return 1 / (1 + 9 * beyond * beyond / (own_tolerance * own_tolerance));
}

Bounds Kernel::bounds() const {
  switch (shape) {
    case KernelShape::kAbsolute:
    case KernelShape::kSquared:
      return {-std::numeric_limits<double>::infinity(), 0};
    case KernelShape::kExponential:
    case KernelShape::kLongTail:
      break;
  }
  return {0, 1};
}

void SensorNumber::Describe(VisitOf<SensorNumber> visit) {
  visit("sensor", &SensorNumber::sensor, {.help = "of the model", .min_size = 1});
  visit("component", &SensorNumber::component,
        {.help = "which of its numbers, from 0 on; -1: the only one, or the length of several",
         .min = -1,
         .max = 1e6});
}

void SensorNumber::Bind(const RobotParts& parts) {
  const auto [start, size] = FindSensor(parts, sensor);
  if (component >= size) {
    throw OptionError("component", "the sensor has " + std::to_string(size) + " numbers");
  }
  start_ = component < 0 ? start : start + static_cast<Eigen::Index>(component);
  size_ = component < 0 ? size : 1;
}

double SensorNumber::Value(const RobotState& state) const {
  const mjtNum* const numbers = state.data.sensordata + start_;
  return size_ == 1 ? *numbers : Eigen::Map<const Vector>(numbers, size_).norm();
}

std::pair<int, int> FindSensor(const RobotParts& parts, const std::string& name) {
  const mjModel& model = *parts.robot.model;
  const int id = parts.robot.Find(mjOBJ_SENSOR, "sensor", name);
  if (model.sensor_needstage[id] == mjSTAGE_ACC) parts.accelerations = true;
  return {model.sensor_adr[id], model.sensor_dim[id]};
}

void Touching::Describe(VisitOf<Touching> visit) {
  visit("bodies", &Touching::bodies,
        {.help = "names or patterns, \"thigh*, torso\"", .min_size = 1});
  visit("with", &Touching::with,
        {.help = "what they touch: bodies, by names or patterns, or \"world\"; empty: anything"});
}

void Touching::Bind(const Robot& robot) {
  ids_ = robot.FindAll(mjOBJ_BODY, "bodies", bodies);
  others_.clear();
  if (with.empty()) return;
  others_.assign(static_cast<std::size_t>(robot.model->nbody), false);
  for (const int body : robot.FindAll(mjOBJ_BODY, "with", with)) {
    others_[static_cast<std::size_t>(body)] = true;
  }
}

bool Touching::Touches(const RobotState& state, int body) const {
  const auto body_of = [&](int geom) { return geom >= 0 ? state.model.geom_bodyid[geom] : -1; };
  for (int i = 0; i < state.data.ncon; ++i) {
    const mjContact& contact = state.data.contact[i];
    if (contact.exclude != 0) continue;  // near, but not touching
    for (const int side : {0, 1}) {
      if (body_of(contact.geom[side]) != body) continue;
      const int other = body_of(contact.geom[1 - side]);
      if (others_.empty() || (other >= 0 && others_[static_cast<std::size_t>(other)])) return true;
    }
  }
  return false;
}

void Touching::Write(const RobotState& state, VectorOut touches) const {
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    touches[static_cast<Eigen::Index>(i)] = Touches(state, ids_[i]) ? 1 : 0;
  }
}

int Touching::Count(const RobotState& state) const {
  return static_cast<int>(
      std::ranges::count_if(ids_, [&](int body) { return Touches(state, body); }));
}

}  // namespace anole
