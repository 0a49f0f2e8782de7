#include "tools/view/hand.h"

#include <Eigen/Core>
#include <algorithm>
#include <cstddef>

namespace anole::view {

void Hand::Choose(const render::SceneRenderer::Seen& seen, double aspect, double x, double y) {
  mjvOption option;
  mjv_defaultOption(&option);
  Eigen::Vector3d place;
  int geom = -1, flex = -1, skin = -1;
  const int body = mjv_select(&seen.model, &seen.data, &option, aspect, x, y, &seen.scene,
                              place.data(), &geom, &flex, &skin);
  mjv_defaultPerturb(&perturb_);
  if (body <= 0) return;
  perturb_.select = body;
  place -= Eigen::Map<const Eigen::Vector3d>(seen.data.xpos + std::ptrdiff_t{3} * body);
  mju_mulMatTVec3(perturb_.localpos, seen.data.xmat + std::ptrdiff_t{9} * body, place.data());
}

void Hand::Hold(const render::SceneRenderer::Seen& seen, bool turns) {
  perturb_.active = turns ? mjPERT_ROTATE : mjPERT_TRANSLATE;
  mjv_initPerturb(&seen.model, &seen.data, &seen.scene, &perturb_);
}

void Hand::Drag(const render::SceneRenderer::Seen& seen, double right, double down) {
  const mjtMouse action = perturb_.active == mjPERT_ROTATE ? mjMOUSE_ROTATE_V : mjMOUSE_MOVE_V;
  mjv_movePerturb(&seen.model, &seen.data, action, right, down, &seen.scene, &perturb_);
}

void Hand::Act(const mjModel& model, mjData& data) const {
  std::fill_n(data.xfrc_applied, 6 * model.nbody, 0);  // what acted before
  mjv_applyPerturbForce(&model, &data, &perturb_);
}

}  // namespace anole::view
