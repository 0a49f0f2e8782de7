// The reward terms of robots' task files that are about feet. What feet do while they are in the
// air or on the ground shapes a gait.
#include <cmath>
#include <utility>
#include <vector>

#include "envs/robot/quantities.h"
#include "envs/robot/terms.h"

namespace anole {
namespace {

// How fast the origin of a body or site moves over the ground [m/s].
double SpeedOverGround(const RobotState& state, mjtObj kind, int id) {
  Eigen::Matrix<double, 6, 1> motion;
  mj_objectVelocity(&state.model, &state.data, kind, id, motion.data(), 0);
  return motion.segment<2>(3).norm();
}

class Slip : public RewardTerm {
 public:
  using Options = Touching;
  Slip(Options options, const RobotParts& parts) : touching_(std::move(options)) {
    touching_.Bind(parts.robot);
  }
  std::string unit() const override { return "m2/s2"; }
  double Value(const RobotState& state) const override {
    double sum = 0;
    for (const int body : touching_.ids()) {
      if (!touching_.Touches(state, body)) continue;
      const double speed = SpeedOverGround(state, mjOBJ_XBODY, body);
      sum += speed * speed;
    }
    return -sum;
  }

 private:
  Touching touching_;
};
const RegisterReward<Slip> slip("slip",
                                "minus the squared speed over the ground of bodies that touch");

class Clearance : public RewardTerm {
 public:
  struct Options {
    std::string sites;
    double height = 0.1;  // [m]
    static void Describe(VisitOf<Options> visit) {
      visit("sites", &Options::sites,
            {.help = "on the feet: names or patterns, \"*_foot\"", .min_size = 1});
      visit("height", &Options::height,
            {.help = "at which they are to swing", .unit = "m", .min = -1e3, .max = 1e3});
    }
  };
  Clearance(const Options& options, const RobotParts& parts)
      : sites_(parts.robot.FindAll(mjOBJ_SITE, "sites", options.sites)), height_(options.height) {}
  double Value(const RobotState& state) const override {
    double sum = 0;
    for (const int site : sites_) {
      const double error = std::abs(state.data.site_xpos[3 * site + 2] - height_);
      sum += error * SpeedOverGround(state, mjOBJ_SITE, site);
    }
    return -sum;
  }

 private:
  std::vector<int> sites_;
  double height_;
};
const RegisterReward<Clearance> clearance(
    "clearance", "minus how far feet are from a height, times their speed over the ground");

}  // namespace
}  // namespace anole
