#include "tools/render/scene_renderer.h"

#include <mujoco/mjxmacro.h>

#include <Eigen/Core>
#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "configs/suggest.h"
#include "configs/user_error.h"

namespace anole::render {
namespace {

constexpr int kMaxMarks = 1000;
constexpr int kDraftSlices = 16, kDraftStacks = 10;  // of a round body

constexpr double kDistance = 3.5;   // [radii of all bodies] of a camera of ours
constexpr double kAzimuth = 90;     // [deg]: x goes to the right
constexpr double kElevation = -15;  // [deg]

int FindCamera(const mjModel& model, const std::string& name) {
  const int camera = mj_name2id(&model, mjOBJ_CAMERA, name.c_str());
  if (camera >= 0) return camera;
  std::vector<std::string> names;
  for (int i = 0; i < model.ncam; ++i) {
    if (const char* const own = mj_id2name(&model, mjOBJ_CAMERA, i)) names.emplace_back(own);
  }
  throw UserError("--camera=" + name + ": the model has no such camera" + Suggestion(name, names));
}

// From the side, onto all that moves: follows it where it can go anywhere.
mjvCamera OwnCamera(const mjModel& model) {
  mjvCamera camera;
  mjv_defaultCamera(&camera);
  const DataPtr data = MakeData(model);
  mj_fwdPosition(&model, data.get());
  const Eigen::Map<const Eigen::Vector3d> center(data->subtree_com);
  double radius = 0;
  for (mjtSize geom = 0; geom < model.ngeom; ++geom) {
    if (model.geom_bodyid[geom] == 0) continue;
    const Eigen::Map<const Eigen::Vector3d> place(data->geom_xpos + 3 * geom);
    radius = std::max(radius, (place - center).norm() + model.geom_rbound[geom]);
  }
  Eigen::Map<Eigen::Vector3d>(camera.lookat) = center;
  camera.distance = kDistance * radius;
  camera.azimuth = kAzimuth;
  camera.elevation = kElevation;
  if (model.njnt > 0 && model.jnt_type[0] == mjJNT_FREE) {
    camera.type = mjCAMERA_TRACKING;
    camera.trackbodyid = model.jnt_bodyid[0];
  }
  return camera;
}

// The same that also follows a body on slides.
mjvCamera FollowingCamera(const mjModel& model) {
  mjvCamera camera = OwnCamera(model);
  if (model.njnt > 0 && model.jnt_type[0] != mjJNT_HINGE) {
    camera.type = mjCAMERA_TRACKING;
    camera.trackbodyid = model.jnt_bodyid[0];
  }
  return camera;
}

mjvCamera ChooseCamera(const mjModel& model, const std::string& name) {
  const bool by_default = name.empty();
  if (by_default && mj_name2id(&model, mjOBJ_CAMERA, "track") < 0) return OwnCamera(model);
  mjvCamera camera;
  mjv_defaultCamera(&camera);
  camera.type = mjCAMERA_FIXED;
  camera.fixedcamid = FindCamera(model, by_default ? "track" : name);
  return camera;
}

// Whether the model that simulates may have more or less of this than the one that is pictured,
// because it knows its pairs of geoms beforehand (envs/model_rewrite.h) or has none that is only
// seen (envs/lean_model.h); or it is not ours to copy.
bool IsOfItsOwn(std::string_view array) {
  for (const std::string_view start : {"geom_", "cam_", "light_", "bvh_"}) {
    if (array.starts_with(start)) return true;
  }
  return array == "plugin_data";
}

// NOLINTBEGIN(cppcoreguidelines-macro-usage): MuJoCo lists the arrays by a macro
// As mj_copyData, which would refuse the state of such a model. Geoms, cameras and lights are put
// in their places on the bodies.
void CopyState(const mjModel& model, const mjData& from, mjData& to) {
#undef MJ_M
#define MJ_M(n) model.n
#define X(type, name, rows, columns) \
  if (!IsOfItsOwn(#name)) std::copy_n(from.name, std::ptrdiff_t{model.rows} * (columns), to.name);
  MJDATA_POINTERS
#undef X
  for (mjtSize geom = 0; geom < model.ngeom; ++geom) {
    mj_local2Global(&to, to.geom_xpos + 3 * geom, to.geom_xmat + 9 * geom,
                    model.geom_pos + 3 * geom, model.geom_quat + 4 * geom, model.geom_bodyid[geom],
                    mjSAMEFRAME_NONE);
  }
  mj_camlight(&model, &to);
}
// NOLINTEND(cppcoreguidelines-macro-usage)

}  // namespace

SceneRenderer::SceneRenderer(ModelPtr model, int width, int height, Quality quality,
                             const std::string& camera)
    : model_(std::move(model)), data_(MakeData(*model_)), camera_(ChooseCamera(*model_, camera)) {
  context_ = MakeGlContext();
  model_->vis.global.offwidth = width;
  model_->vis.global.offheight = height;
  if (quality == Quality::kDraft) {
    model_->vis.quality.offsamples = 0;
    model_->vis.quality.numslices = std::min(model_->vis.quality.numslices, kDraftSlices);
    model_->vis.quality.numstacks = std::min(model_->vis.quality.numstacks, kDraftStacks);
  }
  mjv_defaultScene(&scene_);
  mjv_makeScene(model_.get(), &scene_, static_cast<int>(model_->ngeom) + kMaxMarks);
  if (quality == Quality::kDraft) {
    // Each light with a shadow is a pass of its own over the picture, and software OpenGL takes as
    // long for it as for all the rest.
    scene_.flags[mjRND_SHADOW] = 0;
    scene_.flags[mjRND_REFLECTION] = 0;
  }
  mjr_defaultContext(&renderer_);
  font_scale_ = View().font_scale;
  mjr_makeContext(model_.get(), &renderer_, font_scale_);
  mjr_setBuffer(mjFB_OFFSCREEN, &renderer_);
}

SceneRenderer::~SceneRenderer() {
  mjr_freeContext(&renderer_);
  mjv_freeScene(&scene_);
}

void SceneRenderer::Orbit(double azimuth, double elevation, double zoom) {
  constexpr double kSteepest = 89;  // [deg]
  if (camera_.type == mjCAMERA_FIXED) camera_ = FollowingCamera(*model_);
  camera_.azimuth += azimuth;
  camera_.elevation = std::clamp(camera_.elevation + elevation, -kSteepest, kSteepest);
  camera_.distance *= zoom;
}

SceneRenderer::Seen SceneRenderer::Look(const View& view) {
  mjvOption option;
  mjv_defaultOption(&option);
  option.flags[mjVIS_PERTFORCE] = static_cast<mjtByte>(view.perturb != nullptr);
  CopyState(*model_, *view.state, *data_);
  // An endless floor is drawn around the camera of the scene's update before this one.
  for (int i = 0; i < 2; ++i) {
    mjv_updateScene(model_.get(), data_.get(), &option, view.perturb, &camera_, mjCAT_ALL, &scene_);
  }
  for (const mjvGeom& mark : view.marks) {
    if (scene_.ngeom < scene_.maxgeom) scene_.geoms[scene_.ngeom++] = mark;
  }
  return {*model_, *data_, scene_};
}

Image SceneRenderer::Draw(const View& view, int width, int height) {
  if (view.font_scale != font_scale_) {
    font_scale_ = view.font_scale;
    mjr_changeFont(font_scale_, &renderer_);
  }
  Look(view);
  const mjrRect area{0, 0, width, height};
  mjr_render(area, &scene_, &renderer_);
  DrawCaption(view.caption, width, height, renderer_);
  Image upside_down(width, height), image(width, height);  // OpenGL's first row is the lowest
  mjr_readPixels(upside_down.rgb.data(), nullptr, area, &renderer_);
  for (int y = 0; y < height; ++y) {
    std::copy_n(upside_down.row(height - 1 - y), 3 * width, image.row(y));
  }
  return image;
}

}  // namespace anole::render
