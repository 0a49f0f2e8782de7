// Actions that move the tip of an arm: in each control step the place that its servos hold it at is
// moved by scale * a, by inverse kinematics. With J the Jacobian of the tip, of the joints that the
// servos hold, d how far the tip is to go and l the damping, their targets move by
//   J^T (J J^T + l^2 I)^-1 d    (damped least squares: Wampler 1986)
// Along axes that are not asked for, and in its orientation, it is brought back to where it is at
// the start of the task file (without noise), by no more than such a step. Servos begin with the
// controls of the start: hold_start has them hold the joints where they are. Equality constraints
// between joints are not known to J; along a direction in which the arm is quite stretched it
// cannot move.
#include <Eigen/Cholesky>
#include <Eigen/Geometry>
#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "configs/user_error.h"
#include "envs/robot/actions.h"
#include "envs/robot/actuators.h"
#include "envs/robot/short_number.h"
#include "envs/robot/stepping_box.h"

namespace anole {
namespace {

using Matrix6 = Eigen::Matrix<double, 6, 6>;
using Vector6 = Eigen::Matrix<double, 6, 1>;
constexpr double kMostTurn = 0.1;  // [rad] in a control step

class CartesianStep : public ActionGroup {
 public:
  struct Options {
    std::string of;
    SteppingBox::Options box;
    std::string actuators = "*";
    bool keeps_turn = true;
    double damping = 0.02;

    static void Describe(VisitOf<Options> visit) {
      visit("of", &Options::of, {.help = "a site or body: the tip of an arm", .min_size = 1});
      visit(&Options::box);
      visit("actuators", &Options::actuators,
            {.help = "of these, names or patterns, the servos of joints that move it",
             .min_size = 1});
      visit("keeps_turn", &Options::keeps_turn,
            {.help = "whether it stays turned as at the start; false: as it comes"});
      visit("damping", &Options::damping,
            {.help = "of the inverse kinematics: the larger, the slower where the arm is stretched",
             .min = 1e-6,
             .max = 1e3});
    }
  };

  CartesianStep(const Options& options, const Robot& robot)
      : tip_(robot.FindPart("of", options.of)),
        box_(options.box),
        name_(options.of),
        damping_(options.damping),
        keeps_turn_(options.keeps_turn) {
    const mjModel& model = *robot.model;
    for (const int actuator : robot.FindAll(mjOBJ_ACTUATOR, "actuators", options.actuators)) {
      if (!IsDisabled(model, actuator)) AddServo(robot, actuator);
    }
    if (servos_.empty()) {
      throw OptionError("actuators",
                        "none of them is a servo of a hinge or slide that moves '" + name_ + "'");
    }
    const DataPtr start = robot.AtStart();
    place_ = tip_.Place(*start);
    TurnOf(*start, turn_);
    CheckFreedom(model, *start);
    WarnOfStart();
  }

  Eigen::Index size() const override { return box_.size(); }
  std::vector<ActionPart> Interface() const override {
    return box_.Interface(name_, "step of the place that servos hold it at");
  }
  // The servos, whose targets are asked for; where the tip is at the start, in the world: "place"
  // [m], "turn" [w, x, y, z].
  ActionRule Rule() const override {
    ActionRule rule;
    for (std::size_t i = 0; i < servos_.size(); ++i) {
      ActionPart& servo = rule.actuators.emplace_back();
      servo.actuator = servos_[i].input.name;
      servo.quantity = std::string("position");
      servo.unit = std::string("rad or m");
      servo.control_offset = servos_[i].offset;
      servo.control_factor = servos_[i].factor;
      std::tie(servo.lowest_control, servo.highest_control) = limits_[i];
    }
    rule.numbers = {{"place", {place_.begin(), place_.end()}},
                    {"turn", {std::begin(turn_), std::end(turn_)}}};
    return rule;
  }
  const std::vector<int>& actuators() const override { return actuators_; }
  std::vector<std::string> Warnings() const override { return warnings_; }

  void Begin(const mjModel& model, VectorIn actions, mjData& data) const override {
    // Where, and how turned, the servos would hold it, nearly.
    Vector6 held = Vector6::Zero();
    for (const PositionCommand& servo : servos_) {
      held += (Target(servo, data) - data.qpos[servo.position]) * ColumnOf(servo, model, data);
    }
    held.head<3>() += tip_.Place(data);

    Vector6 step = Vector6::Zero();
    step.head<3>() = place_ - held.head<3>();
    for (std::size_t i = 0; i < box_.rows().size(); ++i) {
      const int row = box_.rows()[i];
      step[row] = box_.Goal(i, held[row], actions) - held[row];
    }
    if (keeps_turn_) step.tail<3>() = TurnBack(data) - held.tail<3>();
    for (int i = 0; i < 6; ++i) {
      const double most = i < 3 ? box_.scale() : kMostTurn;
      step[i] = std::clamp(step[i], -most, most);
    }
    Move(model, step, data);
  }

 private:
  // Nothing where it is no servo, or moves something else.
  void AddServo(const Robot& robot, int actuator) {
    const mjModel& model = *robot.model;
    PositionCommand servo;
    try {
      servo = CommandPosition(robot, actuator, false);
    } catch (const OptionError&) {
      return;
    }
    if (servo.position < 0) return;
    const int joint = model.dof_jntid[servo.velocity];
    if (!IsWithin(model, tip_, model.jnt_bodyid[joint])) return;
    for (const PositionCommand& other : servos_) {
      if (other.position != servo.position) continue;
      throw OptionError("actuators", "'" + other.input.name + "' and '" + servo.input.name +
                                         "' hold the same joint");
    }
    auto [low, high] = ControlLimits(model, servo.input.address);
    if (model.jnt_limited[joint] != 0) {  // a target beyond would have to come all the way back
      const mjtNum* const range = model.jnt_range + std::ptrdiff_t{2} * joint;
      const double one = servo.offset + servo.factor * range[0];
      const double other = servo.offset + servo.factor * range[1];
      low = std::max(low, std::min(one, other));
      high = std::min(high, std::max(one, other));
    }
    actuators_.push_back(actuator);
    servos_.push_back(servo);
    limits_.emplace_back(std::min(low, high), high);
  }

  // Whether the servos can do what is asked of them: at the start or, where the arm may be
  // stretched then, in one of some other poses. Leaves `data` in one of those.
  void CheckFreedom(const mjModel& model, mjData& data) const {
    constexpr int kPoses = 4;
    constexpr double kBend = 0.3, kNothing = 1e-6;  // [rad or m]
    bool turns_apart = false;
    std::array<double, 3> most{};
    for (int pose = 0; pose < kPoses; ++pose) {
      Matrix found(6, std::ssize(servos_));
      for (std::size_t i = 0; i < servos_.size(); ++i) {
        found.col(static_cast<Eigen::Index>(i)) = ColumnOf(servos_[i], model, data);
      }
      for (const int row : box_.rows()) most[row] = std::max(most[row], found.row(row).norm());
      const auto rank = [&](int first, int count) {
        Eigen::FullPivLU<Matrix> lu(found.middleRows(first, count));
        return lu.setThreshold(kNothing).rank();
      };
      turns_apart |= rank(0, 6) == rank(0, 3) + rank(3, 3);
      for (std::size_t i = 0; i < servos_.size(); ++i) {
        const double bend = kBend / static_cast<double>(i + 1);
        data.qpos[servos_[i].position] += i % 2 == 0 ? bend : -bend;
      }
      mj_kinematics(&model, &data);
    }
    for (const int row : box_.rows()) {
      if (most[row] >= kNothing) continue;
      throw OptionError(
          "axes", std::string("none of the servos moves '") + name_ + "' along " + "xyz"[row]);
    }
    if (keeps_turn_ && !turns_apart) {
      throw OptionError("keeps_turn", "cannot be: the servos cannot move '" + name_ +
                                          "' without turning it; false lets it turn");
    }
  }

  void WarnOfStart() {
    for (std::size_t i = 0; i < box_.rows().size(); ++i) {
      const double start = place_[box_.rows()[i]];
      if (box_.Within(i, start)) continue;
      warnings_.push_back("'" + name_ + "' is at " + "xyz"[box_.rows()[i]] + " = " +
                          ShortNumber(start) + " at the start, outside of its box");
    }
    for (std::size_t i = 0; i < servos_.size(); ++i) {
      const auto [low, high] = limits_[i];
      const double holds = servos_[i].offset + servos_[i].factor * servos_[i].home;
      if (low <= holds && holds <= high) continue;
      warnings_.push_back("actuator " + servos_[i].input.name +
                          ": to hold its joint at the start, at " + ShortNumber(servos_[i].home) +
                          ", takes a control of " + ShortNumber(holds) + ", outside of " +
                          ShortNumber(low) + " to " + ShortNumber(high));
    }
  }

  // Of the Jacobian: the place, and the turn, that a unit of the servo's joint gives the tip.
  Vector6 ColumnOf(const PositionCommand& servo, const mjModel& model, const mjData& data) const {
    const std::ptrdiff_t joint = model.dof_jntid[servo.velocity];
    const Eigen::Vector3d axis = Eigen::Map<const Eigen::Vector3d>(data.xaxis + 3 * joint);
    Vector6 column = Vector6::Zero();
    if (model.jnt_type[joint] == mjJNT_SLIDE) {
      column.head<3>() = axis;
    } else {
      const Eigen::Vector3d from =
          tip_.Place(data) - Eigen::Map<const Eigen::Vector3d>(data.xanchor + 3 * joint);
      column.head<3>() = axis.cross(from);
      column.tail<3>() = axis;
    }
    return column;
  }

  static double Target(const PositionCommand& servo, const mjData& data) {
    return (data.ctrl[servo.input.address] - servo.offset) / servo.factor;
  }

  void TurnOf(const mjData& data, mjtNum* quaternion) const {
    const bool is_site = tip_.kind == mjOBJ_SITE;
    mju_mat2Quat(quaternion, (is_site ? data.site_xmat : data.xmat) + std::ptrdiff_t{9} * tip_.id);
  }

  // The turn that would bring it back to that of the start, in the world [rad].
  Eigen::Vector3d TurnBack(const mjData& data) const {
    mjtNum now[4], back[4], inverse[4];
    TurnOf(data, now);
    mju_negQuat(inverse, now);
    mju_mulQuat(back, turn_, inverse);
    Eigen::Vector3d turn;
    mju_quat2Vel(turn.data(), back, 1);
    return turn;
  }

  void Move(const mjModel& model, const Vector6& step, mjData& data) const {
    // Where its orientation is free, the turns of joints do not count.
    const auto column_of = [&](const PositionCommand& servo) {
      Vector6 column = ColumnOf(servo, model, data);
      if (!keeps_turn_) column.tail<3>().setZero();
      return column;
    };
    Matrix6 square = damping_ * damping_ * Matrix6::Identity();
    for (const PositionCommand& servo : servos_) {
      const Vector6 column = column_of(servo);
      square += column * column.transpose();
    }
    const Vector6 solved = square.ldlt().solve(step);
    for (std::size_t i = 0; i < servos_.size(); ++i) {
      const PositionCommand& servo = servos_[i];
      const double target = Target(servo, data) + column_of(servo).dot(solved);
      const auto [low, high] = limits_[i];
      data.ctrl[servo.input.address] = std::clamp(servo.offset + servo.factor * target, low, high);
    }
  }

  ModelPart tip_;
  SteppingBox box_;
  std::string name_;
  double damping_;
  bool keeps_turn_;
  Eigen::Vector3d place_;  // at the start, as the quaternion
  mjtNum turn_[4] = {};
  std::vector<int> actuators_;
  std::vector<PositionCommand> servos_;
  std::vector<std::pair<double, double>> limits_;  // of each one's control
  std::vector<std::string> warnings_;
};
const RegisterAction<CartesianStep> cartesian_step(
    "cartesian_step",
    "servos move the tip of an arm by scale * action in each control step, by inverse kinematics");

}  // namespace
}  // namespace anole
