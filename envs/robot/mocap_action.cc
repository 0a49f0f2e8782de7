// Actions that move a mocap body, which weld constraints then drag an arm after: in each control
// step its place is moved by scale * a and kept in a box.
#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "configs/user_error.h"
#include "envs/robot/actions.h"
#include "envs/robot/stepping_box.h"

namespace anole {
namespace {

class MocapStep : public ActionGroup {
 public:
  struct Options {
    std::string body;
    SteppingBox::Options box;
    std::string follow;
    std::vector<double> turn_to;

    static void Describe(VisitOf<Options> visit) {
      visit("body", &Options::body, {.help = "a mocap body of the model", .min_size = 1});
      visit(&Options::box);
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
      : box_(options.box),
        turn_to_(options.turn_to),
        name_(options.body),
        followed_(options.follow) {
    const mjModel& model = *robot.model;
    mocap_ = model.body_mocapid[robot.Find(mjOBJ_BODY, "body", options.body)];
    if (mocap_ < 0) throw OptionError("body", "is no mocap body of " + robot.model_name);
    if (!options.follow.empty()) follow_ = robot.Find(mjOBJ_BODY, "follow", options.follow);
    if (!turn_to_.empty() && turn_to_.size() != 4) {
      throw OptionError("turn_to", "must be four numbers");
    }
  }

  Eigen::Index size() const override { return box_.size(); }
  std::vector<ActionPart> Interface() const override {
    const std::string from = followed_.empty() ? "" : " from where '" + followed_ + "' is";
    return box_.Interface(name_, "step of the mocap body" + from);
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
    for (std::size_t i = 0; i < box_.rows().size(); ++i) {
      mjtNum& coordinate = place[box_.rows()[i]];
      coordinate = box_.Goal(i, coordinate, actions);
    }
  }

 private:
  SteppingBox box_;
  std::vector<double> turn_to_;
  std::string name_, followed_;
  int mocap_ = -1, follow_ = -1;
  std::vector<int> none_;
};
const RegisterAction<MocapStep> mocap_step(
    "mocap_step", "a mocap body moves by scale * action in each control step");

}  // namespace
}  // namespace anole
