// Where a body or a site is put, task by task, episode by episode or anew within one: an object to
// be pushed, a goal.
#pragma once

#include <mujoco/mujoco.h>

#include <cstdint>
#include <string>
#include <vector>

#include "configs/option.h"
#include "configs/words.h"
#include "envs/linear_algebra.h"
#include "envs/model_part.h"
#include "envs/random.h"
#include "envs/robot/lifetime.h"
#include "envs/robot/redraws.h"
#include "envs/robot/robot.h"
#include "envs/task_family.h"

namespace anole {

// What a body is turned about; kAny: a direction that is drawn as well.
enum class TurnAxis { kVertical, kAny };

constexpr auto WordsOf(TurnAxis) {
  return Words<TurnAxis>({{TurnAxis::kVertical, "vertical"}, {TurnAxis::kAny, "any"}});
}

// One [[place]].
struct PlacementOptions {
  std::string of;  // a body or a site
  Lifetime per = Lifetime::kTask;
  bool relative = false;
  PhasedRange x, y, z;  // [m]; no range: as at the start
  double z_share = 1;   // of the draws in which z is not its lowest
  bool still = true;    // of a free body
  PhasedRange turn;     // of a free or mocap body [rad]
  TurnAxis turn_axis = TurnAxis::kVertical;
  Growing growth;  // PhasedRange::growth of all these
  std::string apart_from;
  double apart = 0.1;          // [m], over the ground
  RedrawOptions redraw;        // within an episode, where it is per episode
  bool after_success = false;  // drawn anew there, too?

  bool is_redrawn() const { return redraw.every > 0 || after_success; }
  bool IsRedrawnWith(const PlacementOptions& other) const {  // at the same moments
    return redraw == other.redraw && after_success == other.after_success;
  }

  static void Describe(VisitOf<PlacementOptions> visit);
};

// What a name means here: where a body and a site have the same, the body, with the site in it.
// Throws OptionError.
ModelPart FindPlaced(const std::string& option, const std::string& name, const Robot& robot);

// Const and thread-safe.
class Placement {
 public:
  // Throws OptionError.
  Placement(const PlacementOptions& options, const Robot& robot);

  const PlacementOptions& options() const { return options_; }
  bool per_task() const { return options_.per == Lifetime::kTask; }
  bool in_model() const { return in_model_; }  // or of a state

  const ModelPart& part() const { return part_; }
  int body() const { return part_.kind == mjOBJ_BODY ? part_.id : -1; }  // -1: a site

  static constexpr Eigen::Index kMostNumbers = 7;

  // What is drawn: some of x, y, z [m], in the world, then the turn [rad] and what it is about.
  Eigen::Index count() const { return static_cast<Eigen::Index>(numbers_.size()); }
  std::vector<NamedUnit> parameters() const;  // "cube.x"
  std::vector<TaskRanges> ranges() const;
  void Draw(Rng& rng, const TaskPlace& at, VectorOut numbers) const;  // (count)

  Eigen::Vector3d PlaceOf(VectorIn numbers) const;  // in the world

  void Put(VectorIn numbers, mjModel& model) const;                      // where in_model()
  void Put(VectorIn numbers, const mjModel& model, mjData& data) const;  // where not

  // Where it is not in the model: where it is now, in the world; and puts it back as at the start.
  Eigen::Vector3d PlaceNow(const mjModel& model, const mjData& data) const;
  void PutBack(const RobotStart& start, const mjModel& model, mjData& data) const;

 private:
  struct Number {
    int axis = 0;  // 3: the turn; 4 to 6: what it is about, if that is drawn
    PhasedRange range;
  };
  mjtNum* PoseIn(const mjModel& model, const mjData& data) const;
  void Find(const Robot& robot);
  void CountJoints(const mjModel& model);
  void FindParent(const mjData& start, const mjModel& model, int parent);
  void AddNumber(const std::string& option, int axis, const PhasedRange& range);
  void AddAxis();
  void Turn(VectorIn numbers, mjtNum* quaternion) const;

  PlacementOptions options_;
  std::vector<Number> numbers_;
  bool in_model_ = false;
  ModelPart part_;
  int mocap_ = -1, joint_ = -1;
  int positions_ = 7, velocities_ = 6;              // of a free body, with what moves on it
  Eigen::Vector3d home_ = Eigen::Vector3d::Zero();  // in the world, at the start
  // Of what it is fixed to, which does not move.
  Eigen::Vector3d parent_place_ = Eigen::Vector3d::Zero();
  Eigen::Matrix3d parent_axes_ = Eigen::Matrix3d::Identity();
};

}  // namespace anole
