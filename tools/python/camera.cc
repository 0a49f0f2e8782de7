#include "tools/python/camera.h"

#include <cstddef>
#include <utility>

namespace anole::python {

Camera::Camera(Environments& environments, int width, int height, const std::string& camera)
    : environments_(environments),
      width_(width),
      height_(height),
      marks_(static_cast<std::size_t>(environments.size())) {
  for (std::int64_t i = 0; i < environments.size(); ++i) {
    views_.push_back(std::make_unique<render::StageView>(environments.stage(i)));
    if (environments.has_begun(i)) views_.back()->Begin();
  }
  thread_.Run([&] {
    renderer_ = std::make_unique<render::SceneRenderer>(
        environments.family().PicturedModel(), width, height, render::Quality::kFull, camera);
  });
  environments.Watch([this](std::int64_t i, std::int64_t steps) {
    const auto place = static_cast<std::size_t>(i);
    if (steps > 0) return views_[place]->Follow();
    views_[place]->Begin();
    marks_[place].reset();
  });
}

Camera::~Camera() {
  environments_.Watch({});
  if (thread_.is_there()) {
    thread_.Run([&] { renderer_.reset(); });
  } else {
    static_cast<void>(renderer_.release());
  }
}

render::Image Camera::Draw(std::int64_t i) {
  const auto place = static_cast<std::size_t>(i);
  std::optional<render::TaskMarks>& marks = marks_[place];
  if (!marks) {
    marks.emplace(environments_.family(), renderer_->model(), environments_.task(i));
  }
  render::SceneRenderer::View view;
  view.state = &views_[place]->shown();
  view.marks = marks->Geoms(*views_[place]);
  std::optional<render::Image> image;
  thread_.Run([&] { image = renderer_->Draw(view, width_, height_); });
  return std::move(*image);
}

}  // namespace anole::python
