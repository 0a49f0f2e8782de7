#include "envs/robot/formula_motion.h"

#include "envs/robot/motion_state.h"

namespace anole {
namespace {

using MotionArguments = std::vector<FormulaArgument>;

// MotionTable::Value or Rate of the column that the first two arguments name; seconds: from now,
// null: now.
using ColumnValue = double (MotionTable::*)(Eigen::Index column,
                                            const MotionTable::Moment& moment) const;
FormulaPart ColumnPart(const MotionArguments& arguments, const RobotParts& parts, ColumnValue value,
                       const FormulaPart& seconds = nullptr) {
  const MovingBy moving(arguments[0].name, parts);
  const Eigen::Index column = moving.motion().Find(arguments[1].name);
  return PartOf([moving, column, value, seconds](const RobotState& state) {
    const double ahead = seconds == nullptr ? 0 : seconds->Value(state);
    return (moving.motion().table().*value)(column, moving.At(state, ahead));
  });
}

}  // namespace

std::vector<FormulaFunction> FunctionsOfMotions() {
  return {
      {"motion", "'motion', 'column'", "what a column of a [[motion]] is now",
       [](const MotionArguments& arguments, const RobotParts& parts) {
         return ColumnPart(arguments, parts, &MotionTable::Value);
       }},
      {"motion_at", "'motion', 'column', seconds", "the same, so long from now",
       [](const MotionArguments& arguments, const RobotParts& parts) {
         return ColumnPart(arguments, parts, &MotionTable::Value, arguments[2].part);
       }},
      {"motion_rate", "'motion', 'column'", "how fast it changes now [1/s]",
       [](const MotionArguments& arguments, const RobotParts& parts) {
         return ColumnPart(arguments, parts, &MotionTable::Rate);
       }},
      {"motion_time", "'motion'", "how far a [[motion]] is [s]",
       [](const MotionArguments& arguments, const RobotParts& parts) {
         const MovingBy moving(arguments[0].name, parts);
         return PartOf([moving](const RobotState& state) { return moving.Time(state); });
       }},
      {"motion_left", "'motion'", "how long it is until its end [s]",
       [](const MotionArguments& arguments, const RobotParts& parts) {
         const MovingBy moving(arguments[0].name, parts);
         return PartOf([moving](const RobotState& state) { return moving.Left(state); });
       }},
  };
}

}  // namespace anole
