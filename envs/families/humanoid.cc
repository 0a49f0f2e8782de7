#include "envs/families/humanoid.h"

namespace anole {
namespace {

constexpr double kLargestControl = 0.4;  // the motors' ctrlrange
constexpr double kLargestContactCost = 10;
constexpr int kRoot = 6;  // degrees of freedom without a motor

}  // namespace

void Humanoid::Options::Describe(VisitOf<Options> visit) {
  BodyOptions::Describe(visit);
  visit(&Options::survival);
  visit("task.body_inertias", &Options::body_inertias,
        {.help = "observe each body's inertia about the mass centre (cinert, 130 numbers)"});
  visit("task.body_velocities", &Options::body_velocities,
        {.help = "observe each body's velocity about the mass centre (cvel, 78 numbers)"});
  visit("task.actuator_forces", &Options::actuator_forces,
        {.help = "observe the motors' torques (qfrc_actuator, 17 numbers)"});
  visit("task.contact_forces", &Options::contact_forces,
        {.help = "contact forces are observed (cfrc_ext, 78 numbers) and cost"});
  if (const auto where = visit.Where(visit->contact_forces, "task.contact_forces = true")) {
    where("task.contact_cost", &Options::contact_cost,
          {.help = "weight of the squared contact forces in the reward; they cost 10 at most",
           .min = 0,
           .max = 1e3});
  }
}

Locomotion::Body Humanoid::BodyOf(const Options& options) {
  options.survival.Check();
  const std::vector<double>& height = options.survival.height;
  Body body{
      .model = "humanoid.xml",
      .physics_steps = 5,
      .observed = State(2),
      .largest_control = kLargestControl,
      .reset_noise = 0.01,
      .place = {&mjData::subtree_com, 0},  // of the world: the mass centre
      .health = Health{
          .height_row = 2, .height = {height[0], height[1]}, .bonus = options.survival.bonus}};
  const auto of_bodies = [](mjtNum* mjData::* numbers, int each, std::string_view name,
                            std::string_view unit) {
    return Observed{.numbers = numbers,
                    .rows = &mjModel::nbody,
                    .each = each,
                    .skipped = 1,
                    .name = name,
                    .unit = unit};
  };
  if (options.body_inertias) {
    body.observed.push_back(of_bodies(&mjData::cinert, 10, "cinert", "kg m^2, kg m or kg"));
  }
  if (options.body_velocities) {
    body.observed.push_back(of_bodies(&mjData::cvel, 6, "cvel", "rad/s or m/s"));
  }
  if (options.actuator_forces) {
    body.observed.push_back({.numbers = &mjData::qfrc_actuator,
                             .rows = &mjModel::nv,
                             .skipped = kRoot,
                             .name = "qfrc_actuator",
                             .unit = "N m"});
  }
  if (options.contact_forces) {
    body.observed.push_back(of_bodies(&mjData::cfrc_ext, 6, "cfrc_ext", "N m or N"));
    body.contact_cost = {.weight = options.contact_cost, .most = kLargestContactCost};
  }
  return body;
}

}  // namespace anole
