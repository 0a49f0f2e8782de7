// The motion of an episode, again: its recorded actions, in the state and the noise that they met.
#pragma once

#include <cstdint>

#include "agents/control/episode.h"
#include "envs/random.h"
#include "envs/stage.h"
#include "tools/render/stage_view.h"

namespace anole::render {

class Replay {
 public:
  // `family` and `episode` must outlive the replay. It begins in the episode's initial state.
  Replay(const TaskFamily& family, VectorIn task, const Address& address, const Episode& episode);
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;
  ~Replay() = default;

  const Episode& episode() const { return episode_; }
  std::int64_t steps() const { return steps_; }  // [control steps] done
  double time() const;                           // [s]
  bool done() const { return steps_ == episode_.length; }

  // The return so far; at the end that of the episode, with what a divergence costs.
  double return_so_far() const;

  // One control step. Throws std::runtime_error where the motion is in any bit another one than
  // that of the episode: then the picture would be of something else than was scored.
  void Step();

  const StageView& view() const { return view_; }

 private:
  void Check(bool same) const;

  const Episode& episode_;
  Stage stage_;
  StageView view_{stage_};
  std::int64_t steps_ = 0;
  double return_ = 0;
};

}  // namespace anole::render
