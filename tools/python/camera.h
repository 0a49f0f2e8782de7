// Pictures of environments, by the renderer of `anole render`.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tools/python/environments.h"
#include "tools/render/image.h"
#include "tools/render/scene_renderer.h"
#include "tools/render/stage_view.h"
#include "tools/render/task_marks.h"

namespace anole::python {

// A thread of its own for what must always be done by the same one, as OpenGL's contexts ask for.
class OwnThread {
 public:
  OwnThread();
  ~OwnThread();
  OwnThread(const OwnThread&) = delete;
  OwnThread& operator=(const OwnThread&) = delete;

  // Returns when it is done; what it throws is thrown here. Throws std::logic_error in a process
  // that was forked off since: the thread is not there.
  void Run(const std::function<void()>& work);
  bool is_there() const;

 private:
  void Work();

  const int process_;
  std::mutex one_at_a_time_, mutex_;
  std::condition_variable changed_;
  const std::function<void()>* work_ = nullptr;
  std::exception_ptr failure_;
  bool done_ = false, ended_ = false;
  std::unique_ptr<std::thread> thread_;
};

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
  OwnThread thread_;
  std::unique_ptr<render::SceneRenderer> renderer_;  // of that thread
};

}  // namespace anole::python
