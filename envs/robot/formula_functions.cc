// The functions of formulas: mathematics and the state of the robot.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "configs/user_error.h"
#include "envs/robot/formula.h"
#include "envs/robot/formula_memory.h"
#include "envs/robot/formula_motion.h"
#include "envs/robot/ground.h"
#include "envs/robot/quantities.h"

namespace anole {
namespace {

using Arguments = std::vector<FormulaArgument>;

// A function of numbers.
template <class Function, std::size_t... kIndices>
auto MakerOf(Function function, std::index_sequence<kIndices...> /*indices*/) {
  return [function](const Arguments& arguments, const RobotParts& /*parts*/) {
    const std::array<FormulaPart, sizeof...(kIndices)> values = {arguments[kIndices].part...};
    return PartOf([values, function](const RobotState& state) {
      return static_cast<double>(function(values[kIndices]->Value(state)...));
    });
  };
}
template <std::size_t kCount, class Function>
FormulaFunction Maths(std::string name, std::string arguments, std::string summary,
                      Function function) {
  return {std::move(name), std::move(arguments), std::move(summary),
          MakerOf(function, std::make_index_sequence<kCount>())};
}

// dm_control's tolerance with its long tail, which has fallen to .1 one margin away.
double Tolerance(double x, double lowest, double highest, double margin) {
  if (lowest <= x && x <= highest) return 1;
  if (margin == 0) return 0;
  const double share = (x < lowest ? lowest - x : x - highest) / margin;
  return 1 / (9 * share * share + 1);
}

double Hamacher(double a, double b) {
  const double sum = a + b - a * b;
  return sum == 0 ? 0 : a * b / sum;
}

// A number of the place of a site or body.
FormulaFunction Coordinate(const std::string& name, int axis) {
  return {name, "'part'", "of the place of a site or body in the world [m]",
          [axis](const Arguments& arguments, const RobotParts& parts) {
            const ModelPart part = parts.robot.FindPart("", arguments[0].name);
            return PartOf(
                [part, axis](const RobotState& state) { return part.Place(state.data)[axis]; });
          }};
}

// A number of the velocity of a site or body.
FormulaFunction VelocityNumber(const std::string& name, int row, const std::string& summary) {
  return {name, "'part'", summary, [row](const Arguments& arguments, const RobotParts& parts) {
            const ModelPart part = parts.robot.FindPart("", arguments[0].name);
            return PartOf(
                [part, row](const RobotState& state) { return VelocityOf(state, part)[row]; });
          }};
}

int JointOf(const Arguments& arguments, const RobotParts& parts) {
  const std::vector<int> joints = parts.robot.FindJoints("", arguments[0].name);
  if (joints.size() != 1) throw OptionError("", "it is of one joint");
  return joints.front();
}

// The whole number that an argument is.
Eigen::Index NumberOf(const FormulaArgument& argument, Eigen::Index count) {
  const double value = argument.part->constant().value_or(-1);
  if (value == std::floor(value) && value >= 0 && value < static_cast<double>(count)) {
    return static_cast<Eigen::Index>(value);
  }
  throw OptionError(
      "", "the number must be one from 0 to " + std::to_string(count - 1) + ", written as such");
}

// A number of a body's velocity in its own axes.
FormulaFunction OwnVelocity(const std::string& name, int row, const std::string& summary) {
  return {name, "'body'", summary, [row](const Arguments& arguments, const RobotParts& parts) {
            const int body = parts.robot.Find(mjOBJ_BODY, "", arguments[0].name);
            return PartOf([body, row](const RobotState& state) {
              return VelocityOf(state, body, Frame::kBody)[row];
            });
          }};
}

std::vector<FormulaFunction> OfTheRobot() {
  return {
      OwnVelocity("own_vx", 3, "of the velocity of a body's origin in its own axes [m/s]"),
      OwnVelocity("own_vy", 4, "the same"),
      OwnVelocity("own_vz", 5, "the same"),
      OwnVelocity("own_wx", 0, "of a body's rotation in its own axes [rad/s]"),
      OwnVelocity("own_wy", 1, "the same"),
      OwnVelocity("own_wz", 2, "the same"),
      {"turned", "'body', number", "one of the nine numbers of a body's rotation matrix, by rows",
       [](const Arguments& arguments, const RobotParts& parts) {
         const std::ptrdiff_t body = parts.robot.Find(mjOBJ_BODY, "", arguments[0].name);
         const std::ptrdiff_t place = 9 * body + NumberOf(arguments[1], 9);
         return PartOf([place](const RobotState& state) { return state.data.xmat[place]; });
       }},
      {"above_ground", "'part'",
       "how high a site or body is above what is fixed to the world below it [m]; 100 at most",
       [](const Arguments& arguments, const RobotParts& parts) {
         const ModelPart part = parts.robot.FindPart("", arguments[0].name);
         return PartOf([part, ground = Ground(*parts.robot.model)](const RobotState& state) {
           return ground.DistanceBelow(state.model, state.data, part.Place(state.data));
         });
       }},
      {"control", "'actuator'", "the control of an actuator",
       [](const Arguments& arguments, const RobotParts& parts) {
         const int actuator = parts.robot.Find(mjOBJ_ACTUATOR, "", arguments[0].name);
         const int address = parts.robot.model->actuator_ctrladr[actuator];
         return PartOf([address](const RobotState& state) { return state.data.ctrl[address]; });
       }},
  };
}

std::vector<FormulaFunction> Mathematics() {
  return {
      Maths<1>("abs", "x", "its size", [](double x) { return std::abs(x); }),
      Maths<1>("sqrt", "x", "its root; of what is below 0: 0",
               [](double x) { return std::sqrt(std::max(x, 0.0)); }),
      Maths<1>("exp", "x", "e to the power of it", [](double x) { return std::exp(x); }),
      Maths<1>("log", "x", "its natural logarithm", [](double x) { return std::log(x); }),
      Maths<1>("sin", "x", "", [](double x) { return std::sin(x); }),
      Maths<1>("cos", "x", "", [](double x) { return std::cos(x); }),
      Maths<2>("atan2", "y, x", "", [](double y, double x) { return std::atan2(y, x); }),
      Maths<1>("floor", "x", "", [](double x) { return std::floor(x); }),
      Maths<2>("min", "a, b", "", [](double a, double b) { return std::min(a, b); }),
      Maths<2>("max", "a, b", "", [](double a, double b) { return std::max(a, b); }),
      Maths<3>("clip", "x, lowest, highest", "x, kept within them",
               [](double x, double low, double high) { return std::max(low, std::min(x, high)); }),
      Maths<3>("if", "condition, a, b", "a where the condition holds, else b",
               [](double condition, double a, double b) { return condition != 0 ? a : b; }),
      Maths<4>("tolerance", "x, lowest, highest, margin",
               "1 within them, .1 one margin away: 1 / (1 + 9 share^2), as dm_control's long tail",
               Tolerance),
      Maths<2>("hamacher", "a, b", "a b / (a + b - a b), as both of two numbers in 0 to 1",
               Hamacher),
  };
}

std::vector<FormulaFunction> OfTheState() {
  return {
      Coordinate("x", 0),
      Coordinate("y", 1),
      Coordinate("z", 2),
      {"distance", "'part', 'part'", "between two sites or bodies [m]",
       [](const Arguments& arguments, const RobotParts& parts) {
         const ModelPart a = parts.robot.FindPart("", arguments[0].name);
         const ModelPart b = parts.robot.FindPart("", arguments[1].name);
         return PartOf([a, b](const RobotState& state) {
           return (a.Place(state.data) - b.Place(state.data)).norm();
         });
       }},
      VelocityNumber("vx", 3,
                     "of the velocity of a site, or of a body's origin, in the world [m/s]"),
      VelocityNumber("vy", 4, "the same"),
      VelocityNumber("vz", 5, "the same"),
      VelocityNumber("wx", 0, "of the rotation of a site or body in the world [rad/s]"),
      VelocityNumber("wy", 1, "the same"),
      VelocityNumber("wz", 2, "the same"),
      {"up", "'body'", "how far up its z axis points: 1 upright, -1 upside down",
       [](const Arguments& arguments, const RobotParts& parts) {
         const int body = parts.robot.Find(mjOBJ_BODY, "", arguments[0].name);
         return PartOf(
             [body](const RobotState& state) { return -ProjectedGravity(state, body).z(); });
       }},
      {"joint", "'joint'", "the place of a hinge or slide [rad or m]",
       [](const Arguments& arguments, const RobotParts& parts) {
         const int address = parts.robot.model->jnt_qposadr[JointOf(arguments, parts)];
         return PartOf([address](const RobotState& state) { return state.data.qpos[address]; });
       }},
      {"joint_velocity", "'joint'", "of a hinge or slide [rad/s or m/s]",
       [](const Arguments& arguments, const RobotParts& parts) {
         const int address = parts.robot.model->jnt_dofadr[JointOf(arguments, parts)];
         return PartOf([address](const RobotState& state) { return state.data.qvel[address]; });
       }},
      {"force", "'actuator'", "of an actuator, in the last physics step",
       [](const Arguments& arguments, const RobotParts& parts) {
         const int actuator = parts.robot.Find(mjOBJ_ACTUATOR, "", arguments[0].name);
         const int address = parts.robot.model->actuator_outadr[actuator];
         return PartOf(
             [address](const RobotState& state) { return state.data.actuator_force[address]; });
       }},
      {"sensor", "'sensor', number", "one of a sensor's numbers, from 0 on",
       [](const Arguments& arguments, const RobotParts& parts) {
         const auto [start, size] = FindSensor(parts, arguments[0].name);
         const Eigen::Index row = start + NumberOf(arguments[1], size);
         return PartOf([row](const RobotState& state) { return state.data.sensordata[row]; });
       }},
      {"action", "number", "one of the last action's, from 0 on, clipped to +-1",
       [](const Arguments& arguments, const RobotParts& parts) {
         const Eigen::Index row = NumberOf(arguments[0], parts.action_dim);
         return PartOf([row](const RobotState& state) { return state.action[row]; });
       }},
      {"touches", "'bodies', 'with'",
       "how many of some bodies touch one of the others; '*': touch anything",
       [](const Arguments& arguments, const RobotParts& parts) {
         Touching touching;
         touching.bodies = arguments[0].name;
         if (arguments[1].name != "*") touching.with = arguments[1].name;
         touching.Bind(parts.robot);
         return PartOf([touching](const RobotState& state) {
           return static_cast<double>(touching.Count(state));
         });
       }},
      {"time", "", "of the episode [s]",
       [](const Arguments& /*arguments*/, const RobotParts& /*parts*/) {
         return PartOf([](const RobotState& state) { return state.data.time; });
       }},
  };
}

}  // namespace

const std::vector<FormulaFunction>& FormulaFunctions() {
  static const std::vector<FormulaFunction> kFunctions = [] {
    std::vector<FormulaFunction> all = OfTheState();
    for (FormulaFunction& function : OfTheRobot()) all.push_back(std::move(function));
    for (FormulaFunction& function : FunctionsOfMotions()) all.push_back(std::move(function));
    for (FormulaFunction& function : FunctionsOfMemory()) all.push_back(std::move(function));
    for (FormulaFunction& function : Mathematics()) all.push_back(std::move(function));
    return all;
  }();
  return kFunctions;
}

}  // namespace anole
