// A [[motion]] as terms see it: by the time of the episode.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "envs/robot/motion.h"
#include "envs/robot/terms.h"

namespace anole {

class MovingBy {
 public:
  // Throws OptionError of `option` where no motion has that name.
  MovingBy(const std::string& name, const RobotParts& parts, const std::string& option = "") {
    const Eigen::Index number = parts.robot.FindMotion(option, name);
    motion_ = parts.robot.motions[static_cast<std::size_t>(number)];
    row_ = Motion::kKept * number;
  }

  const Motion& motion() const { return *motion_; }

  // seconds: from now
  MotionTable::Moment At(const RobotState& state, double seconds) const {
    return motion_->At(Kept(state), state.data.time + seconds);
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
