#include "tools/python/camera.h"

#include <unistd.h>

#include <cstddef>
#include <stdexcept>
#include <utility>

namespace anole::python {

OwnThread::OwnThread()
    : process_(getpid()), thread_(std::make_unique<std::thread>([this] { Work(); })) {}

bool OwnThread::is_there() const { return process_ == getpid(); }

OwnThread::~OwnThread() {
  if (!is_there()) {
    static_cast<void>(thread_.release());  // nothing can be done about it
    return;
  }
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  thread_->join();
}

void OwnThread::Run(const std::function<void()>& work) {
  if (!is_there()) {
    throw std::logic_error("it was rendered before this process was forked off: make another one");
  }
  const std::scoped_lock alone(one_at_a_time_);
  std::unique_lock lock(mutex_);
  work_ = &work;
  done_ = false;
  changed_.notify_all();
  changed_.wait(lock, [&] { return done_; });
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void OwnThread::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return work_ != nullptr || ended_; });
    if (work_ == nullptr) return;
    try {
      (*std::exchange(work_, nullptr))();
    } catch (...) {
      failure_ = std::current_exception();
    }
    done_ = true;
    changed_.notify_all();
  }
}

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
