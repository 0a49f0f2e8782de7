#include "envs/model_rewrite.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "envs/model_files.h"
#include "envs/same_motion.h"

namespace anole {
namespace {

// A guess: each step looks at every pair, so many cost more than a sort. 126 (humanoid) still pay.
constexpr std::size_t kMostPairs = 200;

// Names of the pairs made here begin so.
constexpr std::string_view kPairName = "mixed_pair_";

struct GeomPair {
  int first, second;  // ids; `first` belongs to the body of lower id
};

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

// All pairs that MuJoCo would find, in the order of the contacts that it would make of them, for
// contacts are solved in that order: by body, by body, then by geom. Where it walks trees of boxes
// ("midphase", from two geoms on), by the geom of the lower type first.
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

// Sliding twice, spinning, rolling twice: all of the geom with priority, else the larger ones.
void MixFriction(const mjModel& model, int geom1, int geom2, mjtNum* friction) {
  const int priority = model.geom_priority[geom1] - model.geom_priority[geom2];
  const mjtNum* const first = model.geom_friction + std::ptrdiff_t{3} * geom1;
  const mjtNum* const second = model.geom_friction + std::ptrdiff_t{3} * geom2;
  for (int i = 0; i < 5; ++i) {
    constexpr int kKind[] = {0, 0, 1, 2, 2};
    const int kind = kKind[i];
    friction[i] = priority > 0   ? first[kind]
                  : priority < 0 ? second[kind]
                                 : std::max(first[kind], second[kind]);
  }
}

// What mj_contactParam makes of two geoms: all of the one with priority, else a mix.
void MixParameters(const mjModel& model, int geom1, int geom2, mjsPair& pair) {
  const int priority = model.geom_priority[geom1] - model.geom_priority[geom2];
  const double solmix1 = model.geom_solmix[geom1];
  const double solmix2 = model.geom_solmix[geom2];
  double mix = 0.5;  // the share of geom1
  if (priority != 0) {
    mix = priority > 0 ? 1 : 0;
  } else if (solmix1 >= mjMINVAL && solmix2 >= mjMINVAL) {
    mix = solmix1 / (solmix1 + solmix2);
  } else if (solmix1 >= mjMINVAL || solmix2 >= mjMINVAL) {
    mix = solmix1 >= mjMINVAL ? 1 : 0;
  }
  const auto larger = [&](auto value1, auto value2) {
    return priority > 0 ? value1 : priority < 0 ? value2 : std::max(value1, value2);
  };
  const auto mixed = [&](double value1, double value2) {
    return priority > 0 ? value1 : priority < 0 ? value2 : mix * value1 + (1 - mix) * value2;
  };

  pair.condim = larger(model.geom_condim[geom1], model.geom_condim[geom2]);
  const mjtNum* const ref1 = model.geom_solref + std::ptrdiff_t{mjNREF} * geom1;
  const mjtNum* const ref2 = model.geom_solref + std::ptrdiff_t{mjNREF} * geom2;
  const bool direct = priority == 0 && (ref1[0] <= 0 || ref2[0] <= 0);  // -stiffness, -damping
  for (int i = 0; i < mjNREF; ++i) {
    pair.solref[i] = direct ? std::min(ref1[i], ref2[i]) : mixed(ref1[i], ref2[i]);
    pair.solreffriction[i] = 0;
  }
  for (int i = 0; i < mjNIMP; ++i) {
    pair.solimp[i] =
        mixed(model.geom_solimp[mjNIMP * geom1 + i], model.geom_solimp[mjNIMP * geom2 + i]);
  }
  MixFriction(model, geom1, geom2, pair.friction);
  // These do not heed priority. [m]
  pair.margin = model.geom_margin[geom1] + model.geom_margin[geom2];
  pair.gap = model.geom_gap[geom1] + model.geom_gap[geom2];
#if mjVERSION_HEADER >= 3012000
  pair.adhesion = priority > 0   ? model.geom_adhesion[geom1]
                  : priority < 0 ? model.geom_adhesion[geom2]
                                 : model.geom_adhesion[geom1] + model.geom_adhesion[geom2];
#endif
}

}  // namespace

ModelPtr RewriteModel(mjSpec& spec, const mjModel& model) {
  if (model.nflex > 0 || (model.opt.enableflags & mjENBL_SLEEP) != 0) return nullptr;
  const std::vector<GeomPair> pairs = DynamicPairs(model);
  if (pairs.size() > kMostPairs) return nullptr;

  // Pairs know their geoms by name.
  std::vector<std::string> names(static_cast<std::size_t>(model.ngeom));
  for (mjsElement* element = mjs_firstElement(&spec, mjOBJ_GEOM); element != nullptr;
       element = mjs_nextElement(&spec, element)) {
    const int id = mjs_getId(element);
    if (id < 0 || id >= model.ngeom) return nullptr;
    std::string& name = names[static_cast<std::size_t>(id)];
    name = mjs_getString(mjs_getName(element));
    if (name.empty()) {
      name = "unnamed_geom_" + std::to_string(id);
      if (mjs_setName(element, name.c_str()) != 0) return nullptr;
    }
    mjsGeom& geom = *mjs_asGeom(element);
    geom.contype = 0;
    geom.conaffinity = 0;
  }
  int made = 0;
  for (const auto& [first, second] : pairs) {
    mjsPair& pair = *mjs_addPair(&spec, nullptr);
    mjs_setString(pair.geomname1, names[static_cast<std::size_t>(first)].c_str());
    mjs_setString(pair.geomname2, names[static_cast<std::size_t>(second)].c_str());
    const std::string name = std::string(kPairName) + std::to_string(made++);
    if (mjs_setName(pair.element, name.c_str()) != 0) return nullptr;
    MixParameters(model, first, second, pair);
  }
  spec.option.disableflags |= mjDSBL_ISLAND;
  return ModelPtr(mj_compile(&spec, nullptr));
}

bool IsMixedPair(const mjModel& model, mjtSize pair) {
  const std::string_view name = model.names + model.name_pairadr[pair];
  return name.starts_with(kPairName);
}

void MixFriction(mjModel& model) {
  for (mjtSize i = 0; i < model.npair; ++i) {
    if (!IsMixedPair(model, i)) continue;
    MixFriction(model, model.pair_geom1[i], model.pair_geom2[i], model.pair_friction + 5 * i);
  }
}

void DescribeModelRewrite(OptionVisitor& visit, std::string& value) {
  visit("task.model_rewrite", value,
        {.help = "auto: simulate by a faster model where it moves as the plain one in every bit",
         .choices = {"auto", "off"}});
}

ModelPtr FasterModel(ModelPtr given, ModelPtr rewritten, const std::vector<ModelChange>& changes) {
  if (rewritten == nullptr || !SameMotion(*given, *rewritten)) return given;
  const auto changed = [](const mjModel& model, const ModelChange& change) {
    ModelPtr copy = CopyModel(model);
    change(*copy);
    MixFriction(*copy);
    mj_setConst(copy.get(), MakeData(*copy).get());
    return copy;
  };
  for (const ModelChange& change : changes) {
    if (!SameMotion(*changed(*given, change), *changed(*rewritten, change))) return given;
  }
  return rewritten;
}

ModelPtr LoadFasterModel(std::string_view xml, const std::string& name,
                         const std::vector<ModelChange>& changes) {
  const SpecPtr spec = ParseModel(xml, name);
  RemoveLooks(*spec);
  ModelPtr given = CompileModel(*spec, name);
  ModelPtr rewritten = RewriteModel(*spec, *given);
  return FasterModel(std::move(given), std::move(rewritten), changes);
}

ModelPtr LoadFasterEmbeddedModel(std::string_view name, const std::vector<ModelChange>& changes) {
  return LoadFasterModel(ModelXml(name), std::string(name), changes);
}

}  // namespace anole
