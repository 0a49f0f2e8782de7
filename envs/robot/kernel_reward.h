// Rewards of an error: the error that a robot makes, through a kernel.
#pragma once

#include <concepts>
#include <utility>

#include "envs/robot/quantities.h"
#include "envs/robot/terms.h"

namespace anole {

// Error: options with Describe; Bind, to a Robot or to RobotParts; and Value(state), 0 where all is
// as it should be. A display shows its `velocity`, or the error itself if that is a Distance.
template <class Error>
class KernelReward : public RewardTerm {
 public:
  struct Options {
    Error error;
    Kernel kernel;
    static void Describe(VisitOf<Options> visit) {
      visit(&Options::error);
      visit(&Options::kernel);
    }
  };
  KernelReward(Options options, const RobotParts& parts) : options_(std::move(options)) {
    if constexpr (requires { options_.error.Bind(parts); }) {
      options_.error.Bind(parts);
    } else {
      options_.error.Bind(parts.robot);
    }
  }
  double Value(const RobotState& state) const override {
    return options_.kernel(options_.error.Value(state));
  }
  Bounds bounds() const override { return options_.kernel.bounds(); }
  const BodyVelocity* velocity() const override {
    if constexpr (requires { options_.error.velocity; }) return &options_.error.velocity;
    return nullptr;
  }
  const Distance* distance() const override {
    if constexpr (std::same_as<Error, Distance>) return &options_.error;
    return nullptr;
  }

 private:
  Options options_;
};

}  // namespace anole
