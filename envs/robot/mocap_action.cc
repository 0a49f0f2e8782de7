// Actions that move a mocap body, which weld constraints then drag an arm after: in each control
// step its place is moved by scale * a and kept in a box.
#include <algorithm>
#include <cstddef>
#include <vector>

#include "configs/user_error.h"
#include "envs/robot/actions.h"
#include "envs/robot/axes.h"

namespace anole {
namespace {

class MocapStep : public ActionGroup {
 public:
  struct Options {
    std::string body;
    Axes axes;
    double scale = 0.05;                  // [m]
    std::vector<double> lowest, highest;  // (axes) [m]
    std::string follow;
    std::vector<double> turn_to;

    static void Describe(VisitOf<Options> visit) {
      visit("body", &Options::body, {.help = "a mocap body of the model", .min_size = 1});
      visit(&Options::axes);
      visit("scale", &Options::scale,
            {.help = "how far an action of 1 moves it", .unit = "m", .min = -1e3, .max = 1e3});
      visit("lowest", &Options::lowest,
            {.help = "the box that it stays in, a number for each of the axes; []: anywhere",
             .unit = "m",
             .min = -1e6,
             .max = 1e6});
      visit("highest", &Options::highest,
            {.help = "the same, its other end", .unit = "m", .min = -1e6, .max = 1e6});
      visit("follow", &Options::follow,
            {.help = "a body from whose place, and with whose orientation, each step begins; "
                     "empty: from where the mocap body is"});
      if (const auto where = visit.Where(!visit->follow.empty(), "follow is set")) {
        where("turn_to", &Options::turn_to,
              {.help = "a quaternion w, x, y, z that is added to the followed one's, so that the "
                       "body turns half the way there; []: it turns as the followed one does",
               .min = -1e3,
               .max = 1e3,
               .max_size = 4});
      }
    }
  };

  MocapStep(const Options& options, const Robot& robot)
      : rows_(options.axes.Rows()),
        scale_(options.scale),
        lowest_(options.lowest),
        highest_(options.highest),
        turn_to_(options.turn_to),
        name_(options.body),
        followed_(options.follow) {
    const mjModel& model = *robot.model;
    mocap_ = model.body_mocapid[robot.Find(mjOBJ_BODY, "body", options.body)];
    if (mocap_ < 0) throw OptionError("body", "is no mocap body of " + robot.model_name);
    if (scale_ == 0) throw OptionError("scale", "must not be 0: no action would do anything");
    if (!options.follow.empty()) follow_ = robot.Find(mjOBJ_BODY, "follow", options.follow);
    CheckBox();
    if (!turn_to_.empty() && turn_to_.size() != 4) {
      throw OptionError("turn_to", "must be four numbers");
    }
  }

  Eigen::Index size() const override { return static_cast<Eigen::Index>(rows_.size()); }
  std::vector<ActionPart> Interface() const override {
    std::vector<ActionPart> parts;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      ActionPart& part = parts.emplace_back();
      part.actuator = name_ + ".";
      part.actuator += "xyz"[rows_[i]];
      part.quantity = followed_.empty()
                          ? "step of the mocap body"
                          : "step of the mocap body from where '" + followed_ + "' is";
      part.unit = std::string("m");
      part.scale = scale_;
      if (!lowest_.empty()) part.lowest_control = lowest_[i];
      if (!highest_.empty()) part.highest_control = highest_[i];
    }
    return parts;
  }
  const std::vector<int>& actuators() const override { return none_; }
  std::vector<int> mocaps() const override { return {mocap_}; }

  void Begin(const mjModel& /*model*/, VectorIn actions, mjData& data) const override {
    mjtNum* const place = data.mocap_pos + std::ptrdiff_t{3} * mocap_;
    if (follow_ >= 0) {
      std::copy_n(data.xpos + std::ptrdiff_t{3} * follow_, 3, place);
      mjtNum* const turned = data.mocap_quat + std::ptrdiff_t{4} * mocap_;
      std::copy_n(data.xquat + std::ptrdiff_t{4} * follow_, 4, turned);
      for (std::size_t i = 0; i < turn_to_.size(); ++i) turned[i] += turn_to_[i];
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      mjtNum& coordinate = place[rows_[i]];
      coordinate += scale_ * actions[static_cast<Eigen::Index>(i)];
      if (!lowest_.empty()) coordinate = std::max(coordinate, lowest_[i]);
      if (!highest_.empty()) coordinate = std::min(coordinate, highest_[i]);
    }
  }

 private:
  void CheckBox() const {
    const auto check = [&](const char* option, const std::vector<double>& ends) {
      if (ends.empty() || ends.size() == rows_.size()) return;
      throw OptionError(option,
                        "must be a number for each of the axes, " + std::to_string(rows_.size()));
    };
    check("lowest", lowest_);
    check("highest", highest_);
    for (std::size_t i = 0; i < std::min(lowest_.size(), highest_.size()); ++i) {
      if (lowest_[i] > highest_[i]) throw OptionError("lowest", "is above the highest value");
    }
  }

  std::vector<int> rows_;
  double scale_;
  std::vector<double> lowest_, highest_, turn_to_;
  std::string name_, followed_;
  int mocap_ = -1, follow_ = -1;
  std::vector<int> none_;
};
const RegisterAction<MocapStep> mocap_step(
    "mocap_step", "a mocap body moves by scale * action in each control step");

}  // namespace
}  // namespace anole
