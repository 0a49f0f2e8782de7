// Pictures of how one task goes after different numbers of updates.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "agents/control/episode.h"
#include "envs/random.h"
#include "tools/render/frame_sink.h"
#include "tools/render/image.h"
#include "tools/render/replay.h"
#include "tools/render/scene_renderer.h"
#include "tools/render/task_marks.h"

namespace anole {

// A scored episode, to be shown by its replay.
struct Take {
  std::int64_t updates = 0;  // made before it
  Address address;
  Episode episode;
};

class Film {
 public:
  // All must outlive the film.
  Film(const TaskFamily& family, VectorIn task, const std::vector<Take>& takes,
       SceneRenderer& renderer);

  // Frames of `width` x `height`: all takes beside each other and in step, or one after the other.
  // A frame shows the state before each control step, and the last one the final state. Tells
  // `progress` the frames done so far, and stops where that returns false. Returns whether it came
  // to its end.
  using ProgressFunction = std::function<bool(std::int64_t)>;
  bool Shoot(bool side_by_side, int width, int height, FrameSink& sink,
             const ProgressFunction& progress);
  std::int64_t frames(bool side_by_side) const;

  // One picture: a row for each take, `columns` times from the beginning to the end of the longest
  // one. `width` and `height` are those of each of its parts.
  Image Strip(int columns, int width, int height);

 private:
  std::int64_t LongestTake() const;  // [control steps]
  SceneRenderer::View See(const Take& take, const Replay& replay) const;

  const TaskFamily& family_;
  const Vector task_;
  const TaskMarks marks_;
  const std::vector<Take>& takes_;
  SceneRenderer& renderer_;
};

}  // namespace anole
