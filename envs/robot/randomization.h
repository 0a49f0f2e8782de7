// What differs in a robot's dynamics from task to task, or from episode to episode.
#pragma once

#include <mujoco/mujoco.h>

#include <cstdint>
#include <string>
#include <vector>

#include "configs/option.h"
#include "envs/linear_algebra.h"
#include "envs/random.h"
#include "envs/robot/lifetime.h"
#include "envs/robot/random_fields.h"
#include "envs/robot/robot.h"
#include "envs/task_family.h"

namespace anole {

// Of the values within their range.
enum class Distribution { kUniform, kLogUniform, kNormal };

constexpr auto WordsOf(Distribution) {
  return Words<Distribution>({{Distribution::kUniform, "uniform"},
                              {Distribution::kLogUniform, "log_uniform"},
                              {Distribution::kNormal, "normal"}});
}

// One [[randomize]].
struct RandomizationOptions {
  std::string field;
  std::string target = "*";
  Operation operation = Operation::kScale;
  Distribution distribution = Distribution::kUniform;
  PhasedRange range;
  bool shared = true;  // one value for all elements, or one for each
  Lifetime per = Lifetime::kTask;

  static void Describe(VisitOf<RandomizationOptions> visit);
};

class Randomization {
 public:
  // An element that a pattern has chosen, but that has none of the field.
  struct Skipped {
    std::string name, reason;
  };

  // Throws OptionError where a name, a range or what it leads to is not possible.
  Randomization(const RandomizationOptions& options, const Robot& robot);

  const RandomizationOptions& options() const { return options_; }
  const std::vector<std::string>& elements() const { return names_; }  // what the target has chosen
  const std::vector<Skipped>& skipped() const { return skipped_; }
  int pairs() const { return pairs_; }  // of the model's own, which change with their geoms
  Eigen::Index count() const { return options_.shared ? 1 : Elements(); }
  bool per_task() const { return options_.per == Lifetime::kTask; }

  // Rows of a task, where it is per task: "mass:torso" ...
  std::vector<NamedUnit> parameters() const;

  double DrawAt(const TaskPlace& place, Rng& rng) const {  // of a task
    return Draw(options_.range.At(place), rng);
  }

  // Bodies that a field of places moves.
  std::vector<int> moved_bodies() const;

  // Throws OptionError where a number of `model`, which all of a task have changed, cannot be.
  void CheckNumbers(const mjModel& model) const;

  // Changes `model`, which is as compiled. The caller has MuJoCo recompute what derives from it.
  void Apply(VectorIn values, mjModel& model) const;  // (count)
  // What is per episode; iteration: TaskFamily::Configure.
  void ApplyDrawn(std::int64_t iteration, Rng& rng, mjModel& model) const;

 private:
  double Draw(const TaskRange& range, Rng& rng) const;
  Eigen::Index Elements() const { return static_cast<Eigen::Index>(elements_.size()); }
  void Choose(const Robot& robot);
  void CheckRange(const Robot& robot, const std::string& option,
                  const std::vector<double>& range) const;
  void Change(std::size_t element, double value, mjModel& model) const;
  // value_of: a function of the number of an element, what its geom is changed by.
  template <class ValueOf>
  void ChangePairs(const ValueOf& value_of, mjModel& model) const;
  int ElementOfGeom(int geom) const;  // -1: not chosen

  RandomizationOptions options_;
  const RandomField* field_;
  int pairs_ = 0;
  std::vector<int> elements_;
  std::vector<std::string> names_;
  std::vector<Skipped> skipped_;
};

}  // namespace anole
