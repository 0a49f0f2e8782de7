// Shows a task that asks for a velocity along x, or for a direction along it: two arrows above the
// body, the goal's and, below it, the body's own; and a ruler on the floor, which shows how far the
// body goes, as the camera goes with it.
#pragma once

#include "envs/displays/task_display.h"

namespace anole {

class VelocityDisplay : public TaskDisplay {
 public:
  enum class Asks {
    kVelocity,   // task[0]: velocity along x [m/s]
    kDirection,  // task[0] > 0: go along +x, else along -x
  };

  explicit VelocityDisplay(Asks asks, const ModelPart& followed = {})
      : asks_(asks), followed_(followed) {}

  ModelPart followed() const override { return followed_; }
  std::vector<Mark> Marks(const Moment& moment) const override;
  std::vector<Reading> Readings(const Moment& moment) const override;

 private:
  Asks asks_;
  ModelPart followed_;
};

}  // namespace anole
