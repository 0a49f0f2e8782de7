#include "envs/touching_pairs.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace anole {
namespace {

// Whether MuJoCo compares the geoms of these bodies at all, as mj_broadphase and mj_collision do.
bool MayTouch(const mjModel& model, int body1, int body2) {
  const int weld1 = model.body_weldid[body1];
  const int weld2 = model.body_weldid[body2];
  if (weld1 == weld2) return false;
  if (model.body_dofnum[weld1] == 0 && model.body_dofnum[weld2] == 0) return false;
  const auto parent = [&](int weld) { return model.body_weldid[model.body_parentid[weld]]; };
  const bool filter_parent = (model.opt.disableflags & mjDSBL_FILTERPARENT) == 0;
  if (filter_parent && weld1 != 0 && weld2 != 0 &&
      (weld1 == parent(weld2) || weld2 == parent(weld1))) {
    return false;
  }
  const int signature = (body1 << 16) + body2;
  const int* const end = model.exclude_signature + model.nexclude;
  return std::find(static_cast<const int*>(model.exclude_signature), end, signature) == end;
}

bool HasPair(const mjModel& model, int geom1, int geom2) {
  for (mjtSize i = 0; i < model.npair; ++i) {
    if (std::minmax(model.pair_geom1[i], model.pair_geom2[i]) == std::minmax(geom1, geom2)) {
      return true;
    }
  }
  return false;
}

bool MayTouchDynamically(const mjModel& model, int geom1, int geom2) {
  const auto [low, high] = std::minmax(model.geom_type[geom1], model.geom_type[geom2]);
  const bool masks = (model.geom_contype[geom1] & model.geom_conaffinity[geom2]) != 0 ||
                     (model.geom_contype[geom2] & model.geom_conaffinity[geom1]) != 0;
  return masks && mjCOLLISIONFUNC[low][high] != nullptr && !HasPair(model, geom1, geom2);
}

}  // namespace

std::vector<GeomPair> DynamicPairs(const mjModel& model) {
  std::vector<GeomPair> pairs;
  const auto by_type = [&](const GeomPair& pair) {
    return model.geom_type[pair.first] > model.geom_type[pair.second]
               ? std::pair(pair.second, pair.first)
               : std::pair(pair.first, pair.second);
  };
  for (int body1 = 0; body1 < model.nbody; ++body1) {
    for (int body2 = body1 + 1; body2 < model.nbody; ++body2) {
      if (!MayTouch(model, body1, body2)) continue;
      const auto begin = static_cast<std::ptrdiff_t>(pairs.size());
      for (int i = 0; i < model.body_geomnum[body1]; ++i) {
        for (int j = 0; j < model.body_geomnum[body2]; ++j) {
          const GeomPair pair{model.body_geomadr[body1] + i, model.body_geomadr[body2] + j};
          if (MayTouchDynamically(model, pair.first, pair.second)) pairs.push_back(pair);
        }
      }
      if ((model.opt.disableflags & mjDSBL_MIDPHASE) == 0) {
        std::ranges::sort(pairs.begin() + begin, pairs.end(), {}, by_type);
      }
    }
  }
  return pairs;
}

}  // namespace anole
