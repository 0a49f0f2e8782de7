// Pictures of how one task goes after different numbers of updates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "agents/control/episode.h"
#include "envs/random.h"
#include "tools/render/frame_rate.h"
#include "tools/render/frame_sink.h"
#include "tools/render/image.h"
#include "tools/render/replay.h"
#include "tools/render/scene_renderer.h"
#include "tools/render/task_marks.h"

namespace anole::render {

// A scored episode, to be shown by its replay.
struct Take {
  std::string when;  // "2 updates": what was made before it
  Address address;
  Episode episode;
};

class Film {
 public:
  // All must outlive the film.
  Film(const TaskFamily& family, VectorIn task, const std::vector<Take>& takes,
       SceneRenderer& renderer);

  // How it is shown: all takes beside each other and in step, or one after the other.
  struct Format {
    bool side_by_side = false;
    int width = 0, height = 0;  // of a frame [pixels]
    FrameRate rate;
  };

  // How long all that it shows lasts [s].
  double Duration(bool side_by_side) const;
  // As many as last so long.
  std::int64_t Frames(const Format& format) const;

  // A frame shows how it stands when the frame ends: where a frame is a step, the first one the
  // state after the first step, and the last one of a take always the final state. Tells `progress`
  // the frames done so far, and stops where that returns false. Returns whether it came to its end.
  using ProgressFunction = std::function<bool(std::int64_t)>;
  bool Shoot(const Format& format, FrameSink& sink, const ProgressFunction& progress);

  // One picture: a row for each take, `columns` times from the beginning to the end of the longest
  // one. `width` and `height` are those of each of its parts.
  Image Strip(int columns, int width, int height);

 private:
  // Takes that are seen together, and when: takes [first, last), from `begin` for `duration` [s].
  struct Part {
    std::size_t first = 0, last = 0;
    double begin = 0, duration = 0;
  };

  std::vector<Part> Parts(bool side_by_side) const;
  std::int64_t LongestTake() const;  // [control steps]
  bool ShootPart(const Part& part, const Format& format, FrameSink& sink,
                 const std::function<bool()>& progress);
  SceneRenderer::View See(const Take& take, const Replay& replay) const;

  const TaskFamily& family_;
  const Vector task_;
  const TaskMarks marks_;
  const std::vector<Take>& takes_;
  SceneRenderer& renderer_;
};

}  // namespace anole::render
