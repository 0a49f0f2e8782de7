// The terms of robots' task files that are about how far a task has come: the way that is left
// beside that of before, and success itself.
#include <algorithm>
#include <limits>
#include <utility>

#include "envs/robot/quantities.h"
#include "envs/robot/terms.h"

namespace anole {
namespace {

// The distance at the start [m], then where both ends of it are now and were one control step
// before.
class Distances : public KeptNumbers {
 public:
  explicit Distances(Distance distance) : distance_(std::move(distance)) {}
  Eigen::Index size() const override { return 13; }
  void Begin(const RobotState& state, VectorOut numbers) const override {
    numbers[0] = distance_.Value(state);
    Refresh(state, numbers);
    numbers.segment<6>(7) = numbers.segment<6>(1);
  }
  void Advance(const RobotState& state, VectorOut numbers) const override {
    numbers.segment<6>(7) = numbers.segment<6>(1);
    Refresh(state, numbers);
  }
  void Refresh(const RobotState& state, VectorOut numbers) const override {
    numbers.segment<3>(1) = distance_.PlaceOf(state);
    numbers.segment<3>(4) = distance_.TargetOf(state);
  }

 private:
  Distance distance_;
};

class Progress : public RewardTerm {
 public:
  using Options = Distance;
  Progress(Options options, const RobotParts& parts)
      : distance_(BoundTo(parts.robot, std::move(options))),
        first_(parts.Keep<Distances>(distance_)) {}
  std::string unit() const override { return "m"; }
  double Value(const RobotState& state) const override {
    // By the commands of this step: one that is drawn anew is no progress.
    return distance_.Between(state, state.kept.segment<3>(first_ + 7),
                             state.kept.segment<3>(first_ + 10)) -
           distance_.Value(state);
  }
  Bounds bounds() const override {
    return {-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
  }
  const Distance* distance() const override { return &distance_; }

 private:
  Distance distance_;
  Eigen::Index first_;
};
const RegisterReward<Progress> progress("progress",
                                        "how much nearer a site or body has come to a target");

class Approach : public RewardTerm {
 public:
  struct Options {
    Distance distance;
    double within = 0.05;  // [m]
    static void Describe(VisitOf<Options> visit) {
      visit(&Options::distance);
      visit("within", &Options::within,
            {.help = "a distance up to which it has arrived", .unit = "m", .min = 0, .max = 1e6});
    }
  };
  Approach(const Options& options, const RobotParts& parts)
      : distance_(BoundTo(parts.robot, options.distance)),
        first_(parts.Keep<Distances>(distance_)) {
    kernel_.shape = KernelShape::kLongTail;
    kernel_.within = options.within;
  }
  double Value(const RobotState& state) const override {
    return kernel_.Of(distance_.Value(state), std::max(state.kept[first_], kLeastStart));
  }
  Bounds bounds() const override { return {0, 1}; }
  const Distance* distance() const override { return &distance_; }

 private:
  static constexpr double kLeastStart = 1e-6;  // of an episode that begins at its target
  Distance distance_;
  Eigen::Index first_;
  Kernel kernel_;
};
const RegisterReward<Approach> approach(
    "approach", "1 at a target, .1 as far beyond it as the episode began: 1 / (1 + 9 share^2)");

class Success : public RewardTerm {
 public:
  using Options = NoOptions;
  Success(const Options& /*options*/, const RobotParts& /*parts*/) {}
  double Value(const RobotState& state) const override { return state.success ? 1 : 0; }
  Bounds bounds() const override { return {0, 1}; }
};
const RegisterReward<Success> success("success",
                                      "1 in each control step in which there is [[success]]");

}  // namespace
}  // namespace anole
