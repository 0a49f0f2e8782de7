// What differs in a robot's dynamics from task to task, or from episode to episode.
#pragma once

#include <mujoco/mujoco.h>

#include <string>
#include <vector>

#include "configs/option.h"
#include "envs/linear_algebra.h"
#include "envs/random.h"
#include "envs/robot/robot.h"
#include "envs/task_family.h"

namespace anole {

// One [[randomize]].
struct RandomizationOptions {
  std::string field;
  std::string target = "*";
  std::string operation = "scale";
  std::string distribution = "uniform";
  PhasedRange range;
  bool shared = true;        // one value for all elements, or one for each
  std::string per = "task";  // a row of the task, or drawn anew in each episode

  void Describe(OptionVisitor& visit);
};

struct RandomField;  // a kind of number in a model that may be changed

class Randomization {
 public:
  // Throws OptionError where a name, a range or what it leads to is not possible.
  Randomization(const RandomizationOptions& options, const Robot& robot);

  const RandomizationOptions& options() const { return options_; }
  const std::vector<std::string>& elements() const { return names_; }  // what the target has chosen
  Eigen::Index count() const { return options_.shared ? 1 : Elements(); }
  bool per_task() const { return options_.per == "task"; }

  // Rows of a task, where it is per task: "mass:torso" ...
  std::vector<NamedUnit> parameters() const;

  double Draw(Rng& rng, Phase phase) const;

  // Changes `model`, which is as compiled. The caller has MuJoCo recompute what derives from it.
  void Apply(VectorIn values, mjModel& model) const;  // (count)
  void ApplyDrawn(Rng& rng, mjModel& model) const;    // what is per episode

 private:
  Eigen::Index Elements() const { return static_cast<Eigen::Index>(elements_.size()); }
  void Change(std::size_t element, double value, mjModel& model) const;

  RandomizationOptions options_;
  const RandomField* field_;
  std::vector<int> elements_;
  std::vector<std::string> names_;
};

}  // namespace anole
