// What a robot sees of the ground about it: how far below a body it is, at points of a grid that
// turns with the body's heading.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "configs/user_error.h"
#include "envs/robot/ground.h"
#include "envs/robot/terms.h"

namespace anole {
namespace {

class HeightScan : public ObservationTerm {
 public:
  struct Options {
    std::string body;
    std::vector<double> x = {0}, y = {0};
    double above = 1, reach = 2;
    static void Describe(VisitOf<Options> visit) {
      const OptionInfo places{
          .help = "", .unit = "m", .min = -100, .max = 100, .min_size = 1, .max_size = 100};
      const auto described = [&](const char* help) {
        OptionInfo info = places;
        info.help = help;
        return info;
      };
      visit("body", &Options::body, {.help = "about which it is seen", .min_size = 1});
      visit("x", &Options::x,
            described("how far ahead of the body's origin the rows of the grid are"));
      visit("y", &Options::y, described("how far to the left the points of a row are"));
      visit("above", &Options::above,
            {.help = "how high above the body one looks down from: what hangs above that is not "
                     "seen",
             .unit = "m",
             .min = 0,
             .max = 100});
      visit("reach", &Options::reach,
            {.help = "largest height that is seen, also where there is no ground",
             .unit = "m",
             .max = Ground::kDepth,
             .positive = true});
    }
  };
  HeightScan(const Options& options, const RobotParts& parts)
      : options_(options),
        body_(parts.robot.Find(mjOBJ_BODY, "body", options.body)),
        ground_(*parts.robot.model) {
    if (options.x.size() * options.y.size() > kMostPoints) {
      throw OptionError("x", "the grid has more than " + std::to_string(kMostPoints) + " points");
    }
  }
  Eigen::Index size() const override {
    return static_cast<Eigen::Index>(options_.x.size() * options_.y.size());
  }
  std::string unit() const override { return "m"; }
  void Write(const RobotState& state, VectorOut numbers) const override {
    const Eigen::Map<const Eigen::Vector3d> origin(state.data.xpos + std::ptrdiff_t{3} * body_);
    const mjtNum* const axes = state.data.xmat + std::ptrdiff_t{9} * body_;
    const double heading = std::atan2(axes[3], axes[0]);
    const double ahead = std::cos(heading), aside = std::sin(heading);
    Eigen::Index row = 0;
    for (const double x : options_.x) {
      for (const double y : options_.y) {
        const Eigen::Vector3d from =
            origin + Eigen::Vector3d(ahead * x - aside * y, aside * x + ahead * y, options_.above);
        const double below = ground_.DistanceBelow(state.model, state.data, from);
        numbers[row++] = std::min(below - options_.above, options_.reach);
      }
    }
  }

 private:
  static constexpr std::size_t kMostPoints = 1000;

  Options options_;
  int body_;
  Ground ground_;
};
const RegisterObservation<HeightScan> height_scan(
    "height_scan", "of a body's origin above the ground, at the points of a grid about it");

}  // namespace
}  // namespace anole
