// The observation of a motion that is to be followed.
#include <string>
#include <vector>

#include "envs/robot/motion_state.h"
#include "envs/robot/terms.h"

namespace anole {

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
    const MotionTable& table = moving_.motion().table();
    const MotionTable::Moment moment = moving_.At(state, options_.ahead);
    Eigen::Index row = 0;
    for (const Eigen::Index column : columns_) {
      numbers[row++] = options_.rate ? table.Rate(column, moment) : table.Value(column, moment);
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
