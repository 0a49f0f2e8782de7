// Motions that a robot is to follow: what a file has over time, beside the time of an episode.
#pragma once

#include <mujoco/mujoco.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "configs/option.h"
#include "envs/linear_algebra.h"
#include "envs/phased_range.h"
#include "envs/random.h"
#include "envs/robot/lifetime.h"
#include "envs/robot/motion_table.h"
#include "envs/task_list.h"

namespace anole {

// One [[motion]].
struct MotionOptions {
  std::string name;
  std::string file;  // MotionTable
  bool repeats = true;
  std::vector<double> begin;  // [s], earliest and latest; none: anywhere
  bool start = true;
  Lifetime per = Lifetime::kTask;
  PhasedRange clips;

  static void Describe(VisitOf<MotionOptions> visit);
};

// Const and thread-safe.
class Motion {
 public:
  // Throws OptionError.
  Motion(const MotionOptions& options, const mjModel& model);

  const MotionOptions& options() const { return options_; }
  const MotionTable& table() const { return table_; }

  // Whether the clip is a number of tasks: "walk.clip".
  bool per_task() const { return options_.per == Lifetime::kTask && draws_clip_; }
  std::string parameter() const { return options_.name + ".clip"; }
  const PhasedRange& clips() const { return options_.clips; }
  bool draws_clip() const { return draws_clip_; }        // or it is always the same
  double DrawClip(const TaskPlace& at, Rng& rng) const;  // a whole number
  // The clip of number `index` where all are told over and over; leaves in `index` how often all
  // have been told before.
  double TakeClip(const TaskPlace& at, std::int64_t& index) const;

  // What an episode keeps of it: the clip, and at what time of that it began [s].
  static constexpr Eigen::Index kKept = 2;
  // clip: of the task, or as DrawClip has drawn it
  void Begin(double clip, Rng& rng, VectorOut kept) const;  // (kKept)

  // The column of that name. Throws OptionError.
  Eigen::Index Find(const std::string& column) const;
  // Those that names and patterns choose: "*_hip, torso.x". Throws OptionError of `option`.
  std::vector<Eigen::Index> FindAll(const std::string& option, const std::string& patterns) const;

  // seconds: since the episode began. A motion that has ended stands still.
  double TimeAt(VectorIn kept, double seconds) const;  // of the clip [s], within its length
  MotionTable::Moment At(VectorIn kept, double seconds) const;  // of table()
  double length(VectorIn kept) const;                           // of the clip [s]

  // Puts the joints and free bodies that it names where they are as the episode begins, with their
  // velocities.
  void Start(VectorIn kept, mjData& data) const;
  std::vector<int> started() const;  // ids of these joints
  // Where `start` is set, columns that are of no joint and no free body.
  std::vector<std::string> unstarted() const;
  // What is probably not meant so: joints that begin outside of their limits.
  std::vector<std::string> Warnings(const mjModel& model) const;

 private:
  struct Joint {
    Eigen::Index column;
    int id, position, velocity;  // of the joint; addresses
  };
  struct Body {
    std::array<Eigen::Index, 7> columns;  // x, y, z, qw, qx, qy, qz
    int joint, position, velocity;
  };
  static std::size_t ClipOf(VectorIn kept) { return static_cast<std::size_t>(kept[0]); }
  void CheckBegin() const;
  void FindStart(const mjModel& model);
  void AddBody(const mjModel& model, int body, int joint);
  void StartBody(const Body& body, const MotionTable::Moment& moment, mjData& data) const;

  MotionOptions options_;
  MotionTable table_;
  bool draws_clip_ = false;
  std::vector<Joint> joints_;
  std::vector<Body> bodies_;
};

}  // namespace anole
