#include "tools/export/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <utility>

#include "agents/finite.h"
#include "envs/stage.h"

namespace anole::exports {
namespace {

// Plays the actions again.
RecordedEpisode WithMotion(const TaskFamily& family, VectorIn task, const Address& address,
                           Episode episode) {
  Stage stage(family);
  stage.Reset(task, address);
  RecordedEpisode recorded{.episode = std::move(episode),
                           .qpos = Matrix(stage.model().nq, 0),
                           .qvel = Matrix(stage.model().nv, 0)};
  const std::int64_t length = recorded.episode.length;
  recorded.qpos.resize(Eigen::NoChange, length);
  recorded.qvel.resize(Eigen::NoChange, length);
  for (std::int64_t t = 0; t < length; ++t) {
    recorded.qpos.col(t) = Eigen::Map<const Vector>(stage.data().qpos, stage.model().nq);
    recorded.qvel.col(t) = Eigen::Map<const Vector>(stage.data().qvel, stage.model().nv);
    const Vector& seen = stage.Observe();
    if (seen != recorded.episode.observations.col(t)) {
      throw std::logic_error("an episode that is played again is another one; this is a bug");
    }
    stage.Step(recorded.episode.actions.col(t));
  }
  return recorded;
}

}  // namespace

Recording Record(const Run& run, const AdaptationRequest& task, bool with_last) {
  const ControlLoop& loop = *run.control_loop();
  const FamilySpec& spec = loop.family().spec();
  const EvaluationOptions& evaluation = run.experiment().evaluation;
  const Matrix params = run.Adapt(task).trajectory;
  const Learnable learned = Learned(run.state());
  Recording recording{.batches = {}, .control_dt = spec.control_dt, .reward_terms = {}};
  for (const NamedUnit& term : spec.reward_terms) recording.reward_terms.push_back(term.name);
  const std::int64_t updates = params.cols() - 1;
  const std::int64_t batches = std::max<std::int64_t>(updates + (with_last ? 1 : 0), 1);
  for (std::int64_t k = 0; k < batches; ++k) {
    if (!AllFinite(params.col(k))) {
      throw std::runtime_error(fmt::format(
          "after {} updates the parameters are not finite any more: there is no policy to record; "
          "make {} smaller",
          k, run.experiment().step_name()));
    }
    Address address = run.AddressOf(task);
    address.inner_step = k;
    std::vector<Episode> episodes(static_cast<std::size_t>(evaluation.rollouts), Episode(spec));
    loop.Sample(loop.Policy(params.col(k), learned.context), task.task, Exploration::kStochastic,
                address, 0, episodes);
    auto& batch = recording.batches.emplace_back();
    for (Episode& episode : episodes) {
      address.rollout = std::ssize(batch);
      batch.push_back(WithMotion(loop.family(), task.task, address, std::move(episode)));
    }
  }
  return recording;
}

const char* WordOfEnd(End end) {
  switch (end) {
    case End::kTimeLimit:
      return "time_limit";
    case End::kTerminated:
      return "terminated";
    case End::kDiverged:
      break;
  }
  return "diverged";
}

}  // namespace anole::exports
