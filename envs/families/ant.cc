#include "envs/families/ant.h"

#include <cmath>

namespace anole {
namespace {

constexpr int kTorso = 1;  // body
constexpr double kLargestForce = 1;

}  // namespace

void Ant::Options::Describe(VisitOf<Options> visit) {
  BodyOptions::Describe(visit);
  visit("task.contact_forces", &Options::contact_forces,
        {.help = "contact forces are observed (78 numbers clipped to +-1) and cost"});
  if (const auto where = visit.Where(visit->contact_forces, "task.contact_forces = true")) {
    where("task.contact_cost", &Options::contact_cost,
          {.help = "weight of the squared clipped contact forces in the reward",
           .min = 0,
           .max = 1e3});
  }
}

Locomotion::Body Ant::BodyOf(const Options& options, const Variant& variant) {
  Body body{.model = "ant.xml",
            .physics_steps = 5,
            .observed = State(variant.observes_place ? 0 : 2),
            .reset_noise = 0.1,
            .normal_velocities = true,
            .place = {&mjData::xpos, 3 * kTorso}};
  if (options.contact_forces) {
    body.observed.push_back({.numbers = &mjData::cfrc_ext,
                             .rows = &mjModel::nbody,
                             .each = 6,
                             .skipped = 1,
                             .largest = kLargestForce,
                             .name = "cfrc_ext",
                             .unit = "N m or N"});
    body.contact_cost = {.weight = options.contact_cost, .largest_force = kLargestForce};
  }
  if (variant.survival) {
    variant.survival->Check();
    // Here the bounds themselves are healthy.
    const double low = std::nextafter(variant.survival->height[0], -kInfinity);
    const double high = std::nextafter(variant.survival->height[1], kInfinity);
    body.health = {.height_row = 2, .height = {low, high}, .bonus = variant.survival->bonus};
  }
  return body;
}

}  // namespace anole
