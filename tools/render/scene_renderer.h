// Draws states of a model into pictures, with OpenGL.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "envs/mujoco.h"
#include "tools/render/caption.h"
#include "tools/render/gl_context.h"
#include "tools/render/image.h"

namespace anole::render {

enum class Quality {
  kDraft,  // no antialiasing, shadows and reflections: four times as fast on software OpenGL
  kFull,
};

class SceneRenderer {
 public:
  // model: with looks. `width` and `height` of the largest picture [pixels]. camera: of the model;
  // empty: "track", or one of ours where it has none. Throws UserError where the model has no such
  // camera, and what MakeGlContext throws.
  SceneRenderer(ModelPtr model, int width, int height, Quality quality, const std::string& camera);
  ~SceneRenderer();
  SceneRenderer(const SceneRenderer&) = delete;
  SceneRenderer& operator=(const SceneRenderer&) = delete;

  std::string back_end() const { return context_->name(); }
  bool software() const { return context_->software(); }
  const mjModel& model() const { return *model_; }

  // What to see in a picture.
  struct View {
    const mjData* state = nullptr;  // with all positions computed, by what simulates the body
    std::vector<mjvGeom> marks;
    Caption caption;
    int font_scale = 100;  // [%] of MuJoCo's letters, about 20 pixels high; in steps of 50, to 300
    // A body that somebody has taken hold of, to be shown with the forces in `state`; null: none.
    const mjvPerturb* perturb = nullptr;
  };

  // Turns the camera about what it looks at [deg] and takes it to `zoom` times its distance. One of
  // the model is replaced by one of ours, which follows.
  void Orbit(double azimuth, double elevation, double zoom);

  // A function of `view`, width and height alone, whatever was drawn before.
  Image Draw(const View& view, int width, int height);

  // What there is to see in `view`, for those who ask what is where in its picture. It stays so
  // until the next call of this or of Draw.
  struct Seen {
    const mjModel& model;
    mjData& data;
    const mjvScene& scene;
  };
  Seen Look(const View& view);

 private:
  std::unique_ptr<GlContext> context_;
  ModelPtr model_;  // with the quality of the pictures in it
  DataPtr data_;
  mjvCamera camera_{};
  mjvScene scene_{};
  mjrContext renderer_{};
  int font_scale_ = 0;  // [%]
};

}  // namespace anole::render
