#include "tools/bench/replay.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

namespace anole::bench {
namespace {

using Map = Eigen::Map<const Vector>;

}  // namespace

Track RecordTrack(VectorIn task, const Address& address, const Episode& episode, Stage& stage) {
  stage.Reset(task, address);
  const mjModel& model = stage.model();
  const mjData& data = stage.data();
  const double control_dt = stage.family().spec().control_dt;
  Track track{.qpos = Map(data.qpos, model.nq),
              .qvel = Map(data.qvel, model.nv),
              .controls = Matrix(model.nu, episode.length),
              .substeps = static_cast<int>(std::lround(control_dt / model.opt.timestep))};
  for (std::int64_t t = 0; t < episode.length; ++t) {
    stage.Step(episode.actions.col(t));
    track.controls.col(t) = Map(data.ctrl, model.nu);
  }
  track.last_qpos = Map(data.qpos, model.nq);
  return track;
}

void BeginTrack(const mjModel& model, const Track& track, mjData& data) {
  mj_resetData(&model, &data);
  std::ranges::copy(track.qpos, data.qpos);
  std::ranges::copy(track.qvel, data.qvel);
  mj_forward(&model, &data);  // as families do
}

void Replay(const mjModel& model, const Track& track, mjData& data) {
  for (Eigen::Index t = 0; t < track.controls.cols(); ++t) {
    std::copy_n(track.controls.col(t).data(), model.nu, data.ctrl);
    for (int i = 0; i < track.substeps; ++i) mj_step(&model, &data);
  }
}

void CheckEnd(const Track& track, const mjData& data) {
  const auto bytes = sizeof(mjtNum) * static_cast<std::size_t>(track.last_qpos.size());
  if (std::memcmp(data.qpos, track.last_qpos.data(), bytes) != 0) {
    throw std::logic_error("bench: the replay ended in another state than the episode");
  }
}

}  // namespace anole::bench
