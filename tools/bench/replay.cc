#include "tools/bench/replay.h"

#include <cmath>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace anole::bench {
namespace {

Vector StateOf(const mjModel& model, const mjData& data, int spec) {
  Vector state(mj_stateSize(&model, spec));
  mj_getState(&model, &data, state.data(), spec);
  return state;
}

bool SameBits(const Vector& a, const Vector& b) {
  return std::memcmp(a.data(), b.data(), sizeof(double) * static_cast<std::size_t>(a.size())) == 0;
}

// Sees what families do to mjData between physics steps, whichever of MuJoCo's functions they step
// by: while this lives, MuJoCo asks its clock for the time in each part of a step, so also when the
// step is about to move and when it has moved.
class Recorder {
 public:
  Recorder(const mjModel& model, const mjData& data)
      : model_(model),
        data_(data),
        begin_(data.time),
        last_inputs_(StateOf(model, data, mjSTATE_USER)) {
    See();
    recording = this;
    mjcb_time = [] {
      if (recording != nullptr) recording->See();
      return mjtNum{0};
    };
  }
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  ~Recorder() {
    mjcb_time = nullptr;
    recording = nullptr;
  }

  // Of all physics steps so far.
  const std::vector<Track::Change>& changes() const { return changes_; }
  // Where the last one ended, whatever was moved after it.
  const Vector& landed() const { return landed_; }

 private:
  void See() {
    const double steps = (data_.time - begin_) / model_.opt.timestep;
    const double step = std::round(steps);
    if (std::abs(steps - step) > 1e-3) return;  // between two, where Runge and Kutta look ahead
    Vector motion = StateOf(model_, data_, mjSTATE_FULLPHYSICS);
    Vector warm = StateOf(model_, data_, mjSTATE_WARMSTART);
    if (step != step_) {
      if (step_ >= 0) Finish();
      step_ = step;
      landed_for_good_ = false;
      landed_ = motion;
      landed_warm_ = former_warm_ = warm_ = warm;
    }
    // Runge and Kutta's last look ahead is at the same time, and no landing.
    const bool looked_ahead = model_.opt.integrator == mjINT_RK4 && step > 0 && !landed_for_good_;
    if (looked_ahead && !SameBits(motion, landed_)) {
      landed_for_good_ = true;
      landed_ = motion;
      landed_warm_ = former_warm_ = warm_ = warm;
    }
    motion_ = std::move(motion);
    // The step's solver replaces what it started from: that is the last but one.
    if (!SameBits(warm, warm_)) former_warm_ = std::exchange(warm_, std::move(warm));
    inputs_ = StateOf(model_, data_, mjSTATE_USER);
  }

  // What was seen last before the step moved is what it began from.
  void Finish() {
    Track::Change change;
    if (!SameBits(inputs_, last_inputs_)) change.inputs = last_inputs_ = inputs_;
    if (!SameBits(motion_, landed_)) change.motion = motion_;
    if (!SameBits(former_warm_, landed_warm_)) change.warm_start = former_warm_;
    changes_.push_back(std::move(change));
  }

  static thread_local Recorder* recording;

  const mjModel& model_;
  const mjData& data_;
  double begin_, step_ = -1;
  bool landed_for_good_ = false;
  Vector landed_, motion_, inputs_, last_inputs_;
  Vector landed_warm_, former_warm_, warm_;
  std::vector<Track::Change> changes_;
};

thread_local Recorder* Recorder::recording = nullptr;

void SetState(const mjModel& model, const Vector& state, int spec, mjData& data) {
  if (state.size() > 0) mj_setState(&model, &data, state.data(), spec);
}

}  // namespace

Track RecordTrack(VectorIn task, const Address& address, const Episode& episode, Stage& stage) {
  stage.Reset(task, address, IterationOf(address));
  const mjModel& model = stage.model();
  const mjData& data = stage.data();
  const double control_dt = stage.family().spec().control_dt;
  Track track{.begin = StateOf(model, data, mjSTATE_INTEGRATION),
              .substeps = static_cast<int>(std::lround(control_dt / model.opt.timestep))};
  const Recorder recorder(model, data);
  for (std::int64_t t = 0; t < episode.length; ++t) stage.Step(episode.actions.col(t));
  track.changes = recorder.changes();
  track.end = recorder.landed();
  return track;
}

void BeginTrack(const mjModel& model, const Track& track, mjData& data) {
  mj_resetData(&model, &data);
  SetState(model, track.begin, mjSTATE_INTEGRATION, data);
}

void ReplayStep(const mjModel& model, const Track& track, std::int64_t step, mjData& data) {
  for (int i = 0; i < track.substeps; ++i) {
    const Track::Change& change =
        track.changes[static_cast<std::size_t>(step * track.substeps + i)];
    SetState(model, change.motion, mjSTATE_FULLPHYSICS, data);
    SetState(model, change.warm_start, mjSTATE_WARMSTART, data);
    SetState(model, change.inputs, mjSTATE_USER, data);
    mj_step(&model, &data);
  }
}

void Replay(const mjModel& model, const Track& track, mjData& data) {
  const auto steps = std::ssize(track.changes) / track.substeps;
  for (std::int64_t step = 0; step < steps; ++step) ReplayStep(model, track, step, data);
}

void CheckEnd(const mjModel& model, const Track& track, const mjData& data) {
  if (!SameBits(StateOf(model, data, mjSTATE_FULLPHYSICS), track.end)) {
    throw std::logic_error("bench: the replay ended in another state than the episode");
  }
}

}  // namespace anole::bench
