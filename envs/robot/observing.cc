#include "envs/robot/observing.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace anole {

ObservationPart PartOf(const RobotObservation& seen) {
  const std::string told = seen.told.empty() ? "" : " (" + seen.told + ")";
  ObservationPart part{.name = seen.term + told,
                       .unit = seen.made->unit(),
                       .size = seen.size(),
                       .scale = seen.scale};
  part.history = seen.history;
  part.delay = seen.delay;
  part.delay_most = std::max(seen.delay, seen.delay_most);
  part.zero_padding = seen.padding == Padding::kZero;
  if (seen.clip > 0) part.clip = seen.clip;
  return part;
}

void See(const RobotObservation& seen, const RobotState& state, Rng& rng, VectorOut numbers) {
  seen.made->Write(state, numbers);
  if (seen.noise > 0) {
    const bool is_uniform = seen.noise_kind == NoiseKind::kUniform;
    for (double& number : numbers) {
      number += seen.noise * (is_uniform ? rng.Uniform(-1, 1) : rng.Normal());
    }
  }
  numbers *= seen.scale;
  if (seen.clip > 0) numbers = numbers.cwiseMax(-seen.clip).cwiseMin(seen.clip);
}

Observing::Observing(const std::vector<RobotObservation>& all) : all_(&all) {
  for (const RobotObservation& seen : all) {
    if (seen.frames() > 1) frames_ += seen.frames() * seen.frame();
    if (seen.draws_delay()) ++delays_;
  }
}

void Observing::Begin(const RobotMemory& memory, Simulation& simulation) const {
  Eigen::Index drawn = memory.delays.first;
  for (const RobotObservation& seen : *all_) {
    if (!seen.draws_delay()) continue;
    const auto low = static_cast<double>(seen.delay), high = static_cast<double>(seen.delay_most);
    simulation.memory[drawn++] = std::floor(simulation.reset.Uniform(low, high + 1));
  }
}

void Observing::Observe(const RobotState& state, const RobotMemory& memory, Simulation& simulation,
                        VectorOut observation) const {
  // What was seen before is remembered by control steps, however often one is looked at.
  const double now = simulation.memory[memory.steps()] + 1;
  double& last = simulation.memory[memory.last_seen()];
  const bool first = last == 0, newer = now > last;
  last = now;
  Eigen::Index row = 0, frame = memory.seen.first, drawn = memory.delays.first;
  for (const RobotObservation& seen : *all_) {
    const Eigen::Index size = seen.frame();
    const auto numbers = observation.segment(row, size);
    See(seen, state, simulation.observe, numbers);
    if (seen.frames() > 1) {
      auto frames = simulation.memory.segment(frame, seen.frames() * size);
      // The memory of an episode begins with zeros.
      const bool fill = first && seen.padding == Padding::kFirst;
      for (Eigen::Index i = seen.frames() - 1; newer && i > 0; --i) {
        frames.segment(i * size, size) =
            fill ? VectorIn(numbers) : VectorIn(frames.segment((i - 1) * size, size));
      }
      frames.head(size) = numbers;
      const auto delay =
          seen.draws_delay() ? static_cast<Eigen::Index>(simulation.memory[drawn++]) : seen.delay;
      observation.segment(row, seen.size()) = frames.segment(delay * size, seen.size());
      frame += frames.size();
    }
    row += seen.size();
  }
}

}  // namespace anole
