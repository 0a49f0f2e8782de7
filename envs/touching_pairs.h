// Which geoms of a model may ever touch.
#pragma once

#include <mujoco/mujoco.h>

#include <vector>

namespace anole {

struct GeomPair {
  int first, second;  // ids; `first` belongs to the body of lower id
};

// All pairs that MuJoCo would find, but for those that the model lists itself and for flexes; in
// the order of the contacts that it would make of them, for contacts are solved in that order: by
// body, by body, then by geom. Where it walks trees of boxes ("midphase", from two geoms on), by
// the geom of the lower type first.
std::vector<GeomPair> DynamicPairs(const mjModel& model);

}  // namespace anole
