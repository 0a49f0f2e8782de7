// The observation terms of robots' task files, but for those of joints.
#include <cmath>
#include <numbers>
#include <utility>

#include "configs/words.h"
#include "envs/model_part.h"
#include "envs/robot/axes.h"
#include "envs/robot/quantities.h"
#include "envs/robot/terms.h"

namespace anole {
namespace {

struct BodyOptions {
  std::string body;
  static void Describe(VisitOf<BodyOptions> visit) {
    visit("body", &BodyOptions::body, {.help = "whose it is", .min_size = 1});
  }
};

// Some axes of a vector of three.
class OfAxes : public ObservationTerm {
 public:
  explicit OfAxes(const Axes& axes) : rows_(axes.Rows()) {}
  Eigen::Index size() const override { return static_cast<Eigen::Index>(rows_.size()); }
  void Write(const RobotState& state, VectorOut numbers) const override {
    const Eigen::Vector3d all = Measure(state);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      numbers[static_cast<Eigen::Index>(i)] = all[rows_[i]];
    }
  }

 private:
  virtual Eigen::Vector3d Measure(const RobotState& state) const = 0;
  std::vector<int> rows_;
};

class BodyPosition : public OfAxes {
 public:
  struct Options {
    BodyOptions body;
    Axes axes;
    static void Describe(VisitOf<Options> visit) {
      visit(&Options::body);
      visit(&Options::axes);
    }
  };
  BodyPosition(const Options& options, const RobotParts& parts)
      : OfAxes(options.axes), body_(parts.robot.Find(mjOBJ_BODY, "body", options.body.body)) {}
  std::string unit() const override { return "m"; }

 private:
  Eigen::Vector3d Measure(const RobotState& state) const override {
    return Eigen::Map<const Eigen::Vector3d>(state.data.xpos + std::ptrdiff_t{3} * body_);
  }
  int body_;
};
const RegisterObservation<BodyPosition> body_position("body_position",
                                                      "of its origin, in the world");

class SitePosition : public OfAxes {
 public:
  struct Options {
    std::string site;
    Axes axes;
    static void Describe(VisitOf<Options> visit) {
      visit("site", &Options::site, {.help = "whose it is", .min_size = 1});
      visit(&Options::axes);
    }
  };
  SitePosition(const Options& options, const RobotParts& parts)
      : OfAxes(options.axes), site_(parts.robot.Find(mjOBJ_SITE, "site", options.site)) {}
  std::string unit() const override { return "m"; }

 private:
  Eigen::Vector3d Measure(const RobotState& state) const override {
    return Eigen::Map<const Eigen::Vector3d>(state.data.site_xpos + std::ptrdiff_t{3} * site_);
  }
  int site_;
};
const RegisterObservation<SitePosition> site_position("site_position", "in the world");

class Way : public OfAxes {
 public:
  struct Options {
    std::string of, target;
    Axes axes;
    static void Describe(VisitOf<Options> visit) {
      visit("of", &Options::of, {.help = "a site or body", .min_size = 1});
      visit("target", &Options::target, {.help = "a site or body", .min_size = 1});
      visit(&Options::axes);
    }
  };
  Way(const Options& options, const RobotParts& parts)
      : OfAxes(options.axes),
        of_(parts.robot.FindPart("of", options.of)),
        target_(parts.robot.FindPart("target", options.target)) {}
  std::string unit() const override { return "m"; }

 private:
  Eigen::Vector3d Measure(const RobotState& state) const override {
    return target_.Place(state.data) - of_.Place(state.data);
  }
  ModelPart of_, target_;
};
const RegisterObservation<Way> way("way", "from a site or body to another, in the world's axes");

// How an orientation is written.
enum class OrientationForm { kQuaternion, kScalarLast, kEuler };

constexpr auto WordsOf(OrientationForm) {
  return Words<OrientationForm>({{OrientationForm::kQuaternion, "quaternion"},
                                 {OrientationForm::kScalarLast, "scalar_last"},
                                 {OrientationForm::kEuler, "euler"}});
}

class BodyOrientation : public ObservationTerm {
 public:
  struct Options {
    std::string body;
    OrientationForm form = OrientationForm::kQuaternion;
    static void Describe(VisitOf<Options> visit) {
      visit("body", &Options::body, {.help = "whose it is", .min_size = 1});
      visit("form", &Options::form,
            {.help =
                 "quaternion: w, x, y, z; scalar_last: x, y, z, w, of which the largest is "
                 "positive; euler: the angles of turns about x, y and z, one after another [rad]"});
    }
  };
  BodyOrientation(const Options& options, const RobotParts& parts)
      : body_(parts.robot.Find(mjOBJ_BODY, "body", options.body)), form_(options.form) {}
  Eigen::Index size() const override { return form_ == OrientationForm::kEuler ? 3 : 4; }
  void Write(const RobotState& state, VectorOut numbers) const override {
    const mjtNum* const quaternion = state.data.xquat + std::ptrdiff_t{4} * body_;
    switch (form_) {
      case OrientationForm::kQuaternion:
        numbers = Eigen::Map<const Vector>(quaternion, 4);
        break;
      case OrientationForm::kScalarLast:
        WriteScalarLast(quaternion, numbers);
        break;
      case OrientationForm::kEuler:
        WriteEuler(state.data.xmat + std::ptrdiff_t{9} * body_, numbers);
        break;
    }
  }

 private:
  static void WriteScalarLast(const mjtNum* quaternion, VectorOut numbers) {
    numbers << quaternion[1], quaternion[2], quaternion[3], quaternion[0];
    Eigen::Index largest = 0;
    numbers.cwiseAbs().maxCoeff(&largest);
    if (numbers[largest] < 0) numbers = -numbers;
  }

  static void WriteEuler(const mjtNum* turned, VectorOut numbers) {
    const double cosine = std::hypot(turned[8], turned[5]);
    const bool is_regular = cosine > 1e-15;
    numbers << (is_regular ? -std::atan2(turned[5], turned[8]) : 0),
        -std::atan2(-turned[2], cosine),
        is_regular ? -std::atan2(turned[1], turned[0]) : -std::atan2(-turned[3], turned[4]);
  }

  int body_;
  OrientationForm form_;
};
const RegisterObservation<BodyOrientation> body_orientation("body_orientation",
                                                            "of its axes in the world's");

// As Frame, but documentation lists the body's own axes first, which are the default here.
enum class OwnFrame { kBody, kWorld };

constexpr auto WordsOf(OwnFrame) {
  return Words<OwnFrame>({{OwnFrame::kBody, "body"}, {OwnFrame::kWorld, "world"}});
}

struct VelocityOptions {
  BodyOptions body;
  Axes axes;
  OwnFrame frame = OwnFrame::kBody;
  static void Describe(VisitOf<VelocityOptions> visit) {
    visit(&VelocityOptions::body);
    visit(&VelocityOptions::axes);
    visit("frame", &VelocityOptions::frame, {.help = "whose axes: the body's own, or the world's"});
  }
};

template <int kFirst>  // of MuJoCo's spatial vectors: 0 for rotation, 3 for translation
class OfVelocity : public OfAxes {
 public:
  using Options = VelocityOptions;
  OfVelocity(const Options& options, const RobotParts& parts)
      : OfAxes(options.axes),
        body_(parts.robot.Find(mjOBJ_BODY, "body", options.body.body)),
        frame_(options.frame == OwnFrame::kBody ? Frame::kBody : Frame::kWorld) {}
  std::string unit() const override { return kFirst == 0 ? "rad/s" : "m/s"; }

 private:
  Eigen::Vector3d Measure(const RobotState& state) const override {
    return VelocityOf(state, body_, frame_).template segment<3>(kFirst);
  }
  int body_;
  Frame frame_;
};
const RegisterObservation<OfVelocity<3>> body_velocity("body_velocity", "of its origin");
const RegisterObservation<OfVelocity<0>> body_rotation("body_angular_velocity", "of its rotation");

class GravityDirection : public ObservationTerm {
 public:
  using Options = BodyOptions;
  GravityDirection(const Options& options, const RobotParts& parts)
      : body_(parts.robot.Find(mjOBJ_BODY, "body", options.body)) {}
  Eigen::Index size() const override { return 3; }
  void Write(const RobotState& state, VectorOut numbers) const override {
    numbers.head<3>() = ProjectedGravity(state, body_);
  }

 private:
  int body_;
};
const RegisterObservation<GravityDirection> gravity_direction(
    "gravity_direction", "down in a body's own axes: (0, 0, -1) where it is upright");

class Touches : public ObservationTerm {
 public:
  using Options = Touching;
  Touches(Options options, const RobotParts& parts) : touching_(std::move(options)) {
    touching_.Bind(parts.robot);
  }
  Eigen::Index size() const override { return touching_.size(); }
  void Write(const RobotState& state, VectorOut numbers) const override {
    touching_.Write(state, numbers);
  }

 private:
  Touching touching_;
};
const RegisterObservation<Touches> touches("contact",
                                           "1 for each body that touches anything, or 0");

class LastAction : public ObservationTerm {
 public:
  using Options = NoOptions;
  LastAction(const Options& /*options*/, const RobotParts& parts) : size_(parts.action_dim) {}
  Eigen::Index size() const override { return size_; }
  void Write(const RobotState& state, VectorOut numbers) const override { numbers = state.action; }

 private:
  Eigen::Index size_;
};
const RegisterObservation<LastAction> last_action("last_action", "clipped to +-1; at first zeros");

class CommandValue : public ObservationTerm {
 public:
  struct Options {
    std::string command;
    static void Describe(VisitOf<Options> visit) {
      visit("command", &Options::command, {.help = "its name", .min_size = 1});
    }
  };
  CommandValue(const Options& options, const RobotParts& parts)
      : row_(parts.robot.FindCommand("command", options.command)) {}
  Eigen::Index size() const override { return 1; }
  void Write(const RobotState& state, VectorOut numbers) const override {
    numbers[0] = state.commands[row_];
  }

 private:
  Eigen::Index row_;
};
const RegisterObservation<CommandValue> command_value(
    "command", "what the task asks for; without it, adaptation must find out");

class Clock : public ObservationTerm {
 public:
  struct Options {
    double period = 0.5;  // [s]
    static void Describe(VisitOf<Options> visit) {
      visit("period", &Options::period,
            {.help = "of a turn", .unit = "s", .max = 1e6, .positive = true});
    }
  };
  Clock(const Options& options, const RobotParts& /*parts*/) : period_(options.period) {}
  Eigen::Index size() const override { return 2; }
  void Write(const RobotState& state, VectorOut numbers) const override {
    const double angle = 2 * std::numbers::pi * state.data.time / period_;
    numbers << std::cos(angle), std::sin(angle);
  }

 private:
  double period_;
};
const RegisterObservation<Clock> clock_term("clock", "cosine and sine of a turning hand: gaits");

}  // namespace
}  // namespace anole
