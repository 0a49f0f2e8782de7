// Tasks that are bodies of different dynamics: masses, inertias, friction and damping, each element
// times a factor of its own. The task is the column of factors.
//
// The definition is that of the field's rand_param_envs (as Rothfuss et al. 2019 and Rakelly et al.
// 2019 use it): body mass, body inertia and geom friction times 1.5^U(-3, 3), the damping of
// degrees of freedom times 1.3^U(-3, 3), all of them independent.
#pragma once

#include <mujoco/mujoco.h>

#include <string>
#include <vector>

#include "configs/option.h"
#include "envs/linear_algebra.h"
#include "envs/model_rewrite.h"
#include "envs/random.h"
#include "envs/task_family.h"

namespace anole {

struct RandomDynamicsOptions {
  double mass_exponent = 3, inertia_exponent = 3, friction_exponent = 3, damping_exponent = 3;

  static void Describe(VisitOf<RandomDynamicsOptions> visit);
};

class RandomDynamics {
 public:
  // Throws UserError where nothing is varied.
  RandomDynamics(const RandomDynamicsOptions& options, const mjModel& model);

  // Rows of a task: "mass:torso", "friction0:floor" ..., and what they are drawn from.
  const std::vector<NamedUnit>& parameters() const { return parameters_; }
  const std::vector<TaskRanges>& ranges() const { return ranges_; }

  Vector Sample(Rng& rng) const;

  // model: as it was compiled.
  void Apply(VectorIn task, mjModel& model) const;

  // What some tasks change, to try a rewritten model on.
  std::vector<ModelChange> Examples() const;

 private:
  // A group of elements that are varied: where they are in a model, and how far.
  struct Field {
    mjtNum* mjModel::* values = nullptr;
    std::vector<int> elements;
    double base = 1, exponent = 0;
  };

  std::vector<Field> fields_;
  std::vector<NamedUnit> parameters_;
  std::vector<TaskRanges> ranges_;
};

}  // namespace anole
