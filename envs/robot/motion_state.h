// A [[motion]] as terms see it: by the time of the episode.
#pragma once

#include <memory>
#include <string>

#include "envs/robot/motion.h"
#include "envs/robot/terms.h"

namespace anole {

class MovingBy {
 public:
  // Throws OptionError of `option` where no motion has that name.
  MovingBy(const std::string& name, const RobotParts& parts, const std::string& option = "");

  const Motion& motion() const { return *motion_; }

  // seconds: from now
  double Value(const RobotState& state, Eigen::Index column, double seconds) const {
    return motion_->Value(column, Kept(state), state.data.time + seconds);
  }
  double Rate(const RobotState& state, Eigen::Index column, double seconds) const {
    return motion_->Rate(column, Kept(state), state.data.time + seconds);
  }
  double Time(const RobotState& state) const {
    return motion_->TimeAt(Kept(state), state.data.time);
  }
  double Left(const RobotState& state) const { return motion_->length(Kept(state)) - Time(state); }

 private:
  VectorIn Kept(const RobotState& state) const {
    return state.motions.segment(row_, Motion::kKept);
  }

  std::shared_ptr<const Motion> motion_;
  Eigen::Index row_ = 0;  // of RobotState::motions
};

}  // namespace anole
