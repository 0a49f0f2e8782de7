// Actions that move the tip of an arm: in each control step the place that its servos hold it at is
// moved by scale * a, by inverse kinematics. With J the Jacobian of the tip, of the joints that the
// servos hold, d how far the tip is to go and l the damping, their targets move by
//   J^T (J J^T + l^2 I)^-1 d    (damped least squares: Wampler 1986)
// Along axes that are not asked for it stays where it was at the start. Servos begin with the
// controls of the start: hold_start has them hold the joints where they are.
#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "configs/user_error.h"
#include "envs/robot/actions.h"
#include "envs/robot/actuators.h"
#include "envs/robot/stepping_box.h"

namespace anole {
namespace {

using Matrix6 = Eigen::Matrix<double, 6, 6>;
using Vector6 = Eigen::Matrix<double, 6, 1>;
using Jacobian = Eigen::Matrix<double, 6, Eigen::Dynamic, Eigen::RowMajor>;  // place, turn

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
            {.help = "the servos of the joints that move it, names or patterns", .min_size = 1});
      visit("keeps_turn", &Options::keeps_turn,
            {.help = "whether it is to stay turned as at the start"});
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
    const DataPtr start = robot.AtStart();
    place_ = tip_.Place(*start);
    TurnOf(*start, turn_);
    for (const int actuator : robot.FindAll(mjOBJ_ACTUATOR, "actuators", options.actuators)) {
      if (!IsDisabled(*robot.model, actuator)) AddServo(robot, actuator);
    }
    if (servos_.empty()) throw OptionError("actuators", "none of them is in use");
    if (!CanMove(*robot.model, *start)) {
      throw OptionError("actuators", "none of their joints moves '" + name_ + "'");
    }
  }

  Eigen::Index size() const override { return box_.size(); }
  std::vector<ActionPart> Interface() const override {
    return box_.Interface(name_, "step of the place that servos hold it at");
  }
  const std::vector<int>& actuators() const override { return actuators_; }

  void Begin(const mjModel& model, VectorIn actions, mjData& data) const override {
    mj_markStack(&data);
    const auto count = static_cast<Eigen::Index>(servos_.size());
    Eigen::Map<Jacobian> jacobian(mj_stackAllocNum(&data, servos_.size() * 6), 6, count);
    FindJacobian(model, data, jacobian);
    Eigen::Map<Vector> ahead(mj_stackAllocNum(&data, servos_.size()), count);  // of the joints
    for (std::size_t i = 0; i < servos_.size(); ++i) {
      ahead[static_cast<Eigen::Index>(i)] =
          Target(servos_[i], data) - data.qpos[servos_[i].position];
    }
    // Where, and how turned, the servos would hold it, nearly.
    Vector6 held = Vector6::Zero();
    for (Eigen::Index i = 0; i < count; ++i) held += ahead[i] * jacobian.col(i);
    held.head<3>() += tip_.Place(data);

    Vector6 step = Vector6::Zero();
    step.head<3>() = place_ - held.head<3>();
    for (std::size_t i = 0; i < box_.rows().size(); ++i) {
      const int row = box_.rows()[i];
      step[row] = box_.Goal(i, held[row], actions) - held[row];
    }
    if (keeps_turn_) step.tail<3>() = TurnBack(data) - held.tail<3>();
    Move(jacobian, step, data);
    mj_freeStack(&data);
  }

 private:
  void AddServo(const Robot& robot, int actuator) {
    const PositionCommand servo = CommandPosition(robot, actuator, false);
    if (servo.position < 0) {
      throw OptionError("actuators", "'" + servo.input.name + "' holds no single hinge or slide");
    }
    actuators_.push_back(actuator);
    servos_.push_back(servo);
    limits_.push_back(ControlLimits(*robot.model, servo.input.address));
  }

  bool CanMove(const mjModel& model, mjData& start) const {
    Jacobian jacobian(6, servos_.size());
    mj_markStack(&start);
    Eigen::Map<Jacobian> found(jacobian.data(), 6, jacobian.cols());
    FindJacobian(model, start, found);
    mj_freeStack(&start);
    return !jacobian.isZero();
  }

  // On MuJoCo's stack, which the caller has marked.
  void FindJacobian(const mjModel& model, mjData& data, Eigen::Map<Jacobian>& jacobian) const {
    const auto nv = static_cast<std::size_t>(model.nv);
    mjtNum* const place = mj_stackAllocNum(&data, 3 * nv);
    mjtNum* const turn = mj_stackAllocNum(&data, 3 * nv);
    if (tip_.kind == mjOBJ_SITE) {
      mj_jacSite(&model, &data, place, turn, tip_.id);
    } else {
      mj_jacBody(&model, &data, place, turn, tip_.id);
    }
    for (Eigen::Index i = 0; i < jacobian.cols(); ++i) {
      const int dof = servos_[static_cast<std::size_t>(i)].velocity;
      for (int row = 0; row < 3; ++row) {
        jacobian(row, i) = place[row * model.nv + dof];
        jacobian(3 + row, i) = keeps_turn_ ? turn[row * model.nv + dof] : 0;
      }
    }
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

  void Move(const Eigen::Map<Jacobian>& jacobian, const Vector6& step, mjData& data) const {
    Matrix6 square = damping_ * damping_ * Matrix6::Identity();
    for (Eigen::Index i = 0; i < jacobian.cols(); ++i) {
      square += jacobian.col(i) * jacobian.col(i).transpose();
    }
    const Vector6 solved = square.ldlt().solve(step);
    for (std::size_t i = 0; i < servos_.size(); ++i) {
      const PositionCommand& servo = servos_[i];
      const double target =
          Target(servo, data) + jacobian.col(static_cast<Eigen::Index>(i)).dot(solved);
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
};
const RegisterAction<CartesianStep> cartesian_step(
    "cartesian_step",
    "servos move the tip of an arm by scale * action in each control step, by inverse kinematics");

}  // namespace
}  // namespace anole
