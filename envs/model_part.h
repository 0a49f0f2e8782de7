// A part of a model that is somewhere, a body or a site; and a place that it may be to come to.
#pragma once

#include <mujoco/mujoco.h>

#include <cstddef>
#include <vector>

#include "envs/linear_algebra.h"

namespace anole {

struct ModelPart {
  mjtObj kind = mjOBJ_BODY;  // or mjOBJ_SITE
  int id = 1;                // the first body after the world

  // A body's origin, a site's middle, in the world [m].
  Eigen::Vector3d Place(const mjData& data) const {
    const mjtNum* const places = kind == mjOBJ_SITE ? data.site_xpos : data.xpos;
    return Eigen::Map<const Eigen::Vector3d>(places + std::ptrdiff_t{3} * id);
  }

  bool operator==(const ModelPart&) const = default;
};

// Whether the part is `body`, which is not the world, or on it.
inline bool IsWithin(const mjModel& model, const ModelPart& part, int body) {
  int ancestor = part.kind == mjOBJ_SITE ? model.site_bodyid[part.id] : part.id;
  for (; ancestor > 0; ancestor = model.body_parentid[ancestor]) {
    if (ancestor == body) return true;
  }
  return false;
}

struct TaskPoint {
  std::vector<Eigen::Index> rows = {0, 1};  // of a task: x, y, z in the world [m], as many as count
  ModelPart part;                           // where there are no rows: it is this one's place
};

}  // namespace anole
