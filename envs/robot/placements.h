// All that a task file puts somewhere ([[place]]).
#pragma once

#include <mujoco/mujoco.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "envs/linear_algebra.h"
#include "envs/random.h"
#include "envs/robot/placement.h"
#include "envs/robot/redraws.h"
#include "envs/robot/robot.h"
#include "envs/task_family.h"

namespace anole {

inline constexpr std::size_t kMostPlacements = 32;  // of a task

// They know how far apart they are to be.
class Placements {
 public:
  // Throws OptionError, also where there is no room beside those before it. control_dt: [s]
  void Add(const PlacementOptions& options, const Robot& robot, double control_dt);

  const std::vector<Placement>& all() const { return all_; }
  Eigen::Index rows() const { return rows_; }              // of a task
  bool in_model() const;                                   // whether any is
  bool are_redrawn() const;                                // within an episode; whether any is
  std::optional<std::size_t> waiting_for_success() const;  // the first that is

  // Those that are rows of a task; rows: (rows()).
  void DrawTask(Rng& rng, const TaskPlace& at, VectorOut rows) const;

  // Puts all of them into an episode, of which those that are not of the task are drawn here.
  // iteration: TaskFamily::Configure.
  void Put(VectorIn rows, std::int64_t iteration, Rng& rng, mjModel& model) const;
  void Put(VectorIn rows, std::int64_t iteration, Rng& rng, const mjModel& model,
           mjData& data) const;

  // Draws those anew that are due after `step` control steps, in turn, each away from where the
  // others then are, and begins from the start with all else of them. next: (all().size()) numbers
  // of this that an episode keeps, zeros at first; it is called with step 0 as well. Whether any
  // was put elsewhere: what derives from places is then of before.
  bool PutAnew(double step, bool success, const RobotStart& start, VectorOut next,
               Simulation& simulation) const;

 private:
  using Places = std::array<Eigen::Vector3d, kMostPlacements>;
  // Draws number `i`, whose place is then known, again where it is too near.
  void Draw(std::size_t i, Rng& rng, const TaskPlace& at, VectorOut numbers, Places& places) const;
  bool IsApart(std::size_t i, const Places& places) const;
  double DistanceFromOther(std::size_t i, const Places& places) const;  // of apart_from [m]
  void CheckRoom() const;
  // put(placement, numbers): called for each that is in the model, or for each that is not.
  template <class PutOne>
  void ForEach(bool in_model, VectorIn rows, std::int64_t iteration, Rng& rng,
               const PutOne& put) const;

  struct Keep {
    ModelPart part = {};    // what it keeps away from
    std::size_t other = 0;  // of the placements, if it is one
    bool is_placed = false;
    Eigen::Vector3d place = Eigen::Vector3d::Zero();  // else this

    bool MovesWith(const Placement& placement, const mjModel& model) const;  // its part does
  };
  // What a placement with an apart_from keeps away from. Throws OptionError.
  Keep KeepOf(const Placement& placement, const Robot& robot) const;

  std::vector<Placement> all_;
  std::vector<Keep> keeps_;  // what each keeps away from
  Redraws redraws_;
  Eigen::Index rows_ = 0;
};

}  // namespace anole
