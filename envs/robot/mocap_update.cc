#include "envs/robot/mocap_update.h"

#include <algorithm>
#include <cstddef>
#include <span>

namespace anole {
namespace {

// Whether a body is one of these mocap bodies, which are children of the world, or hangs on one.
bool IsCarried(const mjModel& model, const std::vector<int>& mocaps, int body) {
  const int mocap = model.body_mocapid[model.body_rootid[body]];
  return std::ranges::find(mocaps, mocap) != mocaps.end();
}

// Whether motion knows these bodies by nothing but equality constraints, as a hand is welded to
// one: they touch nothing, and neither joints, tendons, actuators nor plugins hang on them.
bool AreOnlyWelded(const mjModel& model, const std::vector<int>& mocaps) {
  if (model.ntendon > 0 || model.nflex > 0 || model.nplugin > 0) return false;
  if ((model.opt.enableflags & mjENBL_SLEEP) != 0) return false;
  for (int actuator = 0; actuator < model.nactuator; ++actuator) {
    const int other = model.actuator_trnid[std::ptrdiff_t{2} * actuator + 1];
    const int kind = model.actuator_trntype[actuator];
    if (kind == mjTRN_SLIDERCRANK || (kind == mjTRN_SITE && other >= 0)) return false;
  }
  // Sensors of forces begin from mass centres.
  const std::span stages(model.sensor_needstage, static_cast<std::size_t>(model.nsensor));
  if (std::ranges::find(stages, mjSTAGE_ACC) != stages.end()) return false;
  for (int body = 0; body < model.nbody; ++body) {
    if (!IsCarried(model, mocaps, body)) continue;
    if (model.body_dofnum[body] > 0) return false;
    const int first = model.body_geomadr[body];
    for (int geom = first; geom < first + model.body_geomnum[body]; ++geom) {
      if ((model.geom_contype[geom] | model.geom_conaffinity[geom]) != 0) return false;
      for (int pair = 0; pair < model.npair; ++pair) {
        if (model.pair_geom1[pair] == geom || model.pair_geom2[pair] == geom) return false;
      }
    }
  }
  return true;
}

}  // namespace

MocapUpdate::MocapUpdate(const mjModel& model, const std::vector<int>& mocaps) {
  if (mocaps.empty()) return;
  what_ = AreOnlyWelded(model, mocaps) ? What::kWelds : What::kAll;
}

void MocapUpdate::Apply(const mjModel& model, mjData& data) const {
  switch (what_) {
    case What::kNothing:
      break;
    case What::kWelds:  // of mj_step1, what knows where the bodies are
      mj_kinematics(&model, &data);
      mj_makeConstraint(&model, &data);
      mj_island(&model, &data);
      mj_projectConstraint(&model, &data);
      mj_referenceConstraint(&model, &data);
      break;
    case What::kAll:
      mj_step1(&model, &data);
      break;
  }
}

}  // namespace anole
