#include "envs/lean_model.h"

#include <malloc.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include "envs/same_motion.h"
#include "envs/touching_pairs.h"

namespace anole {
namespace {

constexpr std::size_t kMuchMemory = 1 << 20;  // [bytes] that are worth a word, or giving back

std::atomic<int> keepers = 0;

bool Refers(const mjModel& model, int sensor, mjtObj kind) {
  return model.sensor_objtype[sensor] == kind || model.sensor_reftype[sensor] == kind;
}

// Geoms that touch nothing may act all the same: why, or "".
std::string WhyAllGeomsAct(const mjModel& model) {
  if ((model.opt.enableflags & mjENBL_SLEEP) != 0) return "bodies fall asleep by their size";
  if (model.nplugin > 0) return "plugins may use them";
  for (int sensor = 0; sensor < model.nsensor; ++sensor) {
    const int type = model.sensor_type[sensor];
    if (type == mjSENS_RANGEFINDER) return "range finders see them";
    if (type == mjSENS_TACTILE) return "tactile sensors have meshes";
    const bool measures_distance =
        type == mjSENS_GEOMDIST || type == mjSENS_GEOMNORMAL || type == mjSENS_GEOMFROMTO;
    if (measures_distance &&
        (Refers(model, sensor, mjOBJ_BODY) || Refers(model, sensor, mjOBJ_XBODY))) {
      return "distances of bodies are measured";
    }
  }
  const bool has_fluid = model.opt.density > 0 || model.opt.viscosity > 0;
  for (mjtSize geom = 0; has_fluid && geom < model.ngeom; ++geom) {
    if (model.geom_fluid[geom * mjNFLUID] > 0) return "a fluid flows around them";
  }
  return "";
}

// Cameras may be measured from.
void RemoveLightsAndCameras(const mjModel& model, mjSpec& spec) {
  ForEachElement(spec, mjOBJ_LIGHT, [&](mjsElement* element) { mjs_delete(&spec, element); });
  for (int sensor = 0; sensor < model.nsensor; ++sensor) {
    if (Refers(model, sensor, mjOBJ_CAMERA)) return;
  }
  ForEachElement(spec, mjOBJ_CAMERA, [&](mjsElement* element) { mjs_delete(&spec, element); });
}

// Takes the masks from geoms that may meet no other, so that they count as only seen. Whether there
// were any.
bool MaskIdleGeoms(const mjModel& model, mjSpec& spec) {
  if (model.nflex > 0) return false;  // which geoms touch by their masks
  std::vector<bool> touches(static_cast<std::size_t>(model.ngeom));
  for (const auto& [first, second] : DynamicPairs(model)) {
    touches[static_cast<std::size_t>(first)] = touches[static_cast<std::size_t>(second)] = true;
  }
  bool any = false;
  ForEachElement(spec, mjOBJ_GEOM, [&](mjsElement* element) {
    const int id = mjs_getId(element);
    if (id < 0 || id >= model.ngeom || touches[static_cast<std::size_t>(id)]) return;
    mjsGeom& geom = *mjs_asGeom(element);
    any = any || geom.contype != 0 || geom.conaffinity != 0;
    geom.contype = geom.conaffinity = 0;
  });
  return any;
}

bool SameBodies(const mjModel& model, const mjModel& other) {
  const auto same = [&](const mjtNum* values, const mjtNum* others, int columns) {
    const auto size = static_cast<std::size_t>(model.nbody) * static_cast<std::size_t>(columns);
    return std::memcmp(values, others, size * sizeof(mjtNum)) == 0;
  };
  return model.nbody == other.nbody && same(model.body_mass, other.body_mass, 1) &&
         same(model.body_inertia, other.body_inertia, 3) &&
         same(model.body_ipos, other.body_ipos, 3) && same(model.body_iquat, other.body_iquat, 4);
}

std::string MegabytesText(const mjModel& model) {
  const double megabytes = static_cast<double>(mj_sizeModel(&model)) / 1e6;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), megabytes < 10 ? "%.2g" : "%.0f", megabytes);
  return text.data();
}

std::string WhatIsLeftOut(const mjModel& full, const mjModel& lean) {
  const mjtSize geoms = full.ngeom - lean.ngeom, meshes = full.nmesh - lean.nmesh;
  if (geoms == 0 && meshes == 0) return "";
  std::string text = "without " + std::to_string(geoms) + (geoms == 1 ? " geom" : " geoms");
  if (meshes > 0) {
    text += " and " + std::to_string(meshes) + (meshes == 1 ? " mesh" : " meshes");
  }
  text += geoms + meshes == 1 ? " that acts on nothing" : " that act on nothing";
  if (static_cast<std::size_t>(mj_sizeModel(&full)) < kMuchMemory) return text;
  return text + ": " + MegabytesText(lean) + " MB instead of " + MegabytesText(full);
}

// No model where it cannot be compiled, or does not move as the full one.
LeanModel WithoutIdleGeoms(SpecPtr spec, const mjModel& full) {
  const ModelPtr whole(mj_compile(spec.get(), nullptr));  // elements have ids from here on
  if (whole == nullptr || whole->ngeom != full.ngeom) return {};
  bool changed = MaskIdleGeoms(full, *spec);
  std::map<const mjsElement*, int> ids;
  ForEachElement(*spec, mjOBJ_GEOM,
                 [&](mjsElement* element) { ids[element] = mjs_getId(element); });
  // MuJoCo's own word for: leave out what is only seen, and keep the inertia that it gave.
  spec->compiler.discardvisual = true;
  ModelPtr lean(mj_compile(spec.get(), nullptr));
  spec->compiler.discardvisual = false;
  if (lean == nullptr || !SameBodies(full, *lean)) return {};
  changed = changed || lean->ngeom != full.ngeom;
  std::vector<int> left;  // the ids in the full model of the lean one's geoms
  ForEachElement(*spec, mjOBJ_GEOM, [&](mjsElement* element) { left.push_back(ids[element]); });
  if (changed && !TryMotion(full, *lean, left).same) return {};
  std::string told = WhatIsLeftOut(full, *lean);
  return {.spec = std::move(spec),
          .model = std::move(lean),
          .geoms = std::move(left),
          .told = std::move(told)};
}

bool HasUnmaskedGeoms(const mjModel& model) {
  for (mjtSize geom = 0; geom < model.ngeom; ++geom) {
    if (model.geom_contype[geom] == 0 && model.geom_conaffinity[geom] == 0) return true;
  }
  return false;
}

}  // namespace

LeanModel MakeLean(const std::function<SpecPtr()>& parse, const mjModel& full,
                   const std::string& name) {
  const auto unseen = [&] {
    SpecPtr spec = parse();
    RemoveLooks(*spec);
    RemoveLightsAndCameras(full, *spec);
    return spec;
  };
  std::string why = WhyAllGeomsAct(full);
  if (why.empty()) {
    LeanModel lean = WithoutIdleGeoms(unseen(), full);
    if (lean.model != nullptr) return lean;
    why = "without those that nothing touches it moved otherwise";
  }
  LeanModel whole;
  whole.spec = unseen();
  whole.model = CompileModel(*whole.spec, name);
  whole.geoms.resize(static_cast<std::size_t>(full.ngeom));
  std::iota(whole.geoms.begin(), whole.geoms.end(), 0);
  if (HasUnmaskedGeoms(full)) whole.told = "with all geoms: " + why;
  return whole;
}

KeepAssets::KeepAssets() { ++keepers; }
KeepAssets::~KeepAssets() {
  if (--keepers == 0) ForgetAssets();
}

void ForgetAssets() {
  mjCache* const cache = mj_getCache();
  if (keepers > 0 || cache == nullptr || mj_getCacheSize(cache) < kMuchMemory) return;
  mj_clearCache(cache);
  malloc_trim(0);  // the C library would keep it for itself
}

}  // namespace anole
