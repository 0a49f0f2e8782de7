// What a robot's task file says of the sensors of its model.
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "envs/robot/kernel_reward.h"
#include "envs/robot/quantities.h"
#include "envs/robot/terms.h"

namespace anole {
namespace {

class SensorNumbers : public ObservationTerm {
 public:
  struct Options {
    std::string sensor;
    static void Describe(VisitOf<Options> visit) {
      visit("sensor", &Options::sensor, {.help = "of the model", .min_size = 1});
    }
  };
  SensorNumbers(const Options& options, const RobotParts& parts) {
    std::tie(start_, size_) = FindSensor(parts, options.sensor);
  }
  Eigen::Index size() const override { return size_; }
  void Write(const RobotState& state, VectorOut numbers) const override {
    numbers = Eigen::Map<const Vector>(state.data.sensordata + start_, size_);
  }

 private:
  int start_ = 0, size_ = 0;
};
const RegisterObservation<SensorNumbers> observed_sensor("sensor",
                                                         "all numbers of a sensor of the model");

struct SensorGap {
  SensorNumber number;
  double target = 0;

  static void Describe(VisitOf<SensorGap> visit) {
    visit(&SensorGap::number);
    visit("target", &SensorGap::target, {.help = "what it is to be", .min = -1e9, .max = 1e9});
  }
  void Bind(const RobotParts& parts) { number.Bind(parts); }
  double Value(const RobotState& state) const { return number.Value(state) - target; }
};
const RegisterReward<KernelReward<SensorGap>> rewarded_sensor(
    "sensor", "a sensor of the model shows a number");

// Which side of a range a number is to be on.
enum class Side { kInside, kOutside };

constexpr auto WordsOf(Side) {
  return Words<Side>({{Side::kInside, "inside"}, {Side::kOutside, "outside"}});
}

class SensorRange : public Condition {
 public:
  struct Options {
    SensorNumber number;
    std::vector<double> range;
    Side side = Side::kInside;
    static void Describe(VisitOf<Options> visit) {
      visit(&Options::number);
      visit("range", &Options::range,
            {.help = "lowest and highest value",
             .min = -1e9,
             .max = 1e9,
             .min_size = 2,
             .max_size = 2});
      visit("side", &Options::side, {.help = "where it holds: inside or outside of the range"});
    }
  };
  SensorRange(Options options, const RobotParts& parts) : options_(std::move(options)) {
    CheckRange("range", options_.range);
    options_.number.Bind(parts);
  }
  bool Holds(const RobotState& state) const override {
    const double value = options_.number.Value(state);
    const bool inside = options_.range[0] <= value && value <= options_.range[1];
    return inside == (options_.side == Side::kInside);
  }

 private:
  Options options_;
};
const RegisterCondition<SensorRange> checked_sensor("sensor",
                                                    "a sensor of the model is in a range");

}  // namespace
}  // namespace anole
