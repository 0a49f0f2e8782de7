// Pictures of environments, by the renderer of `anole render`.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/python/environments.h"
#include "tools/render/image.h"
#include "tools/render/own_thread.h"
#include "tools/render/scene_renderer.h"
#include "tools/render/stage_view.h"
#include "tools/render/task_marks.h"

namespace anole::python {

class Camera {
 public:
  // Watches all episodes from now on; the way that they have come is seen from here. `environments`
  // must outlive the camera. width, height: [pixels]. Throws what SceneRenderer throws.
  Camera(Environments& environments, int width, int height, const std::string& camera);
  ~Camera();
  Camera(const Camera&) = delete;
  Camera& operator=(const Camera&) = delete;

  // Of environment i as it is now, in an episode that has begun: with what shows the task.
  render::Image Draw(std::int64_t i);

 private:
  Environments& environments_;
  int width_, height_;
  std::vector<std::unique_ptr<render::StageView>> views_;
  std::vector<std::optional<render::TaskMarks>> marks_;  // of the running episodes, where drawn
  render::OwnThread thread_;
  std::unique_ptr<render::SceneRenderer> renderer_;  // of that thread
};

}  // namespace anole::python
