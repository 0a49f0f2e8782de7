// The observation of a motion that is to be followed.
#include <algorithm>
#include <vector>

#include "configs/suggest.h"
#include "configs/user_error.h"
#include "envs/robot/motion_state.h"
#include "envs/robot/terms.h"

namespace anole {

MovingBy::MovingBy(const std::string& name, const RobotParts& parts, const std::string& option) {
  const auto& motions = parts.robot.motions;
  std::vector<std::string> known;
  for (const auto& motion : motions) known.push_back(motion->options().name);
  const auto found = std::ranges::find(known, name);
  if (found == known.end()) {
    throw OptionError(option, "no [[motion]] is called '" + name + "'" + Suggestion(name, known));
  }
  motion_ = motions[static_cast<std::size_t>(found - known.begin())];
  row_ = Motion::kKept * (found - known.begin());
}

namespace {

class MotionObservation : public ObservationTerm {
 public:
  struct Options {
    std::string motion, columns = "*";
    double ahead = 0;  // [s]
    bool rate = false;
    static void Describe(VisitOf<Options> visit) {
      visit("motion", &Options::motion, {.help = "name of a [[motion]]", .min_size = 1});
      visit("columns", &Options::columns,
            {.help = "of its file, by names or patterns, in the file's order", .min_size = 1});
      visit("ahead", &Options::ahead,
            {.help = "so long from now", .unit = "s", .min = -1e6, .max = 1e6});
      visit("rate", &Options::rate, {.help = "how fast they change, instead of what they are"});
    }
  };
  MotionObservation(const Options& options, const RobotParts& parts)
      : options_(options),
        moving_(options.motion, parts, "motion"),
        columns_(moving_.motion().FindAll("columns", options.columns)) {}
  Eigen::Index size() const override { return static_cast<Eigen::Index>(columns_.size()); }
  void Write(const RobotState& state, VectorOut numbers) const override {
    Eigen::Index row = 0;
    for (const Eigen::Index column : columns_) {
      numbers[row++] = options_.rate ? moving_.Rate(state, column, options_.ahead)
                                     : moving_.Value(state, column, options_.ahead);
    }
  }

 private:
  Options options_;
  MovingBy moving_;
  std::vector<Eigen::Index> columns_;
};
const RegisterObservation<MotionObservation> observation("motion",
                                                         "a motion from a file, now or ahead");

}  // namespace
}  // namespace anole
