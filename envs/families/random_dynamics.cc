#include "envs/families/random_dynamics.h"

#include <cmath>
#include <cstddef>

#include "configs/user_error.h"

namespace anole {
namespace {

constexpr int kExamples = 3;

}  // namespace

void RandomDynamicsOptions::Describe(VisitOf<RandomDynamicsOptions> visit) {
  using Options = RandomDynamicsOptions;
  const auto exponent = [&](const char* name, double Options::* value, const char* help) {
    visit(name, value, {.help = help, .min = 0, .max = 10});
  };
  exponent("task.mass_exponent", &Options::mass_exponent,
           "the mass of each body is multiplied by 1.5^U(-x, x); 0: it is as it is");
  exponent("task.inertia_exponent", &Options::inertia_exponent,
           "the same for each principal inertia of each body");
  exponent("task.friction_exponent", &Options::friction_exponent,
           "the same for each coefficient of friction of each geom");
  exponent("task.damping_exponent", &Options::damping_exponent,
           "the damping of each joint is multiplied by 1.3^U(-x, x); 0: it is as it is");
}

RandomDynamics::RandomDynamics(const RandomDynamicsOptions& options, const mjModel& model) {
  const auto add = [&](double exponent, double base, mjtNum* mjModel::* values, auto&& fill) {
    if (exponent == 0) return;
    Field field{values, {}, base, exponent};
    fill([&](int element, const std::string& name) {
      if ((model.*values)[element] == 0) return;  // nothing to multiply
      field.elements.push_back(element);
      parameters_.push_back({name, ""});
      ranges_.emplace_back(std::pow(base, -exponent), std::pow(base, exponent));
    });
    fields_.push_back(std::move(field));
  };
  add(options.mass_exponent, 1.5, &mjModel::body_mass, [&](auto&& element) {
    for (int i = 1; i < model.nbody; ++i) element(i, "mass:" + NameOf(model, mjOBJ_BODY, i));
  });
  add(options.inertia_exponent, 1.5, &mjModel::body_inertia, [&](auto&& element) {
    for (int i = 3; i < 3 * model.nbody; ++i) {
      element(i, "inertia" + std::to_string(i % 3) + ":" + NameOf(model, mjOBJ_BODY, i / 3));
    }
  });
  add(options.friction_exponent, 1.5, &mjModel::geom_friction, [&](auto&& element) {
    for (int i = 0; i < 3 * model.ngeom; ++i) {
      element(i, "friction" + std::to_string(i % 3) + ":" + NameOf(model, mjOBJ_GEOM, i / 3));
    }
  });
  add(options.damping_exponent, 1.3, &mjModel::dof_damping, [&](auto&& element) {
    for (int i = 0; i < model.nv; ++i) {
      element(i, "damping:" + NameOf(model, mjOBJ_JOINT, model.dof_jntid[i]));
    }
  });
  if (parameters_.empty()) {
    throw UserError(
        "task.mass_exponent, inertia_exponent, friction_exponent and damping_exponent "
        "are all 0: there is but one task");
  }
}

Vector RandomDynamics::Sample(Rng& rng) const {
  Vector task(static_cast<Eigen::Index>(parameters_.size()));
  Eigen::Index row = 0;
  for (const Field& field : fields_) {
    for (std::size_t i = 0; i < field.elements.size(); ++i) {
      task[row++] = std::pow(field.base, rng.Uniform(-field.exponent, field.exponent));
    }
  }
  return task;
}

std::vector<ModelChange> RandomDynamics::Examples() const {
  std::vector<ModelChange> changes;
  for (int i = 0; i < kExamples; ++i) {
    Rng rng = Address{.task = i}.Open(Purpose::kTask);
    changes.emplace_back(
        [dynamics = *this, task = Sample(rng)](mjModel& model) { dynamics.Apply(task, model); });
  }
  return changes;
}

void RandomDynamics::Apply(VectorIn task, mjModel& model) const {
  Eigen::Index row = 0;
  for (const Field& field : fields_) {
    for (const int element : field.elements) (model.*field.values)[element] *= task[row++];
  }
}

}  // namespace anole
