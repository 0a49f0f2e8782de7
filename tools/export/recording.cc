#include "tools/export/recording.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <stdexcept>
#include <utility>

#include "agents/control/control_facts.h"
#include "agents/finite.h"
#include "envs/stage.h"

namespace anole::exports {
namespace {

// Plays the actions again, on a stage of the episode's family. What a policy sees of its own past
// is in the columns beside the observations already.
RecordedEpisode WithMotion(Stage& stage, VectorIn task, const Address& address, Episode episode) {
  stage.Reset(task, address);
  const std::int64_t length = episode.length;
  RecordedEpisode recorded{.episode = std::move(episode),
                           .qpos = Matrix(stage.model().nq, length),
                           .qvel = Matrix(stage.model().nv, length)};
  recorded.episode.observations.conservativeResize(stage.family().spec().observation_dim,
                                                   Eigen::NoChange);
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
  Stage stage(loop.family());
  const std::int64_t updates = params.cols() - 1;
  const std::int64_t batches = std::max<std::int64_t>(updates + (with_last ? 1 : 0), 1);
  ControlLoop::Trials trials = loop.MakeTrials(evaluation.rollouts);
  for (std::int64_t k = 0; k < batches; ++k) {
    if (!AllFinite(params.col(k))) {
      throw std::runtime_error(fmt::format(
          "after {} updates the parameters are not finite any more: there is no policy to record; "
          "make {} smaller",
          k, run.experiment().step_name()));
    }
    Address address = run.AddressOf(task);
    address.inner_step = k;
    std::vector<Episode> episodes = loop.MakeEpisodes(evaluation.rollouts);
    loop.Sample(loop.Policy(params.col(k), learned.context), task.task, Exploration::kStochastic,
                address, 0, episodes, trials);
    auto& batch = recording.batches.emplace_back();
    for (Episode& episode : episodes) {
      address.rollout = std::ssize(batch);
      batch.push_back(WithMotion(stage, task.task, address, std::move(episode)));
    }
  }
  return recording;
}

void ForEachStep(const Recording& recording,
                 const std::function<void(const PlacedStep& step)>& visit) {
  std::int64_t batch = 0;
  for (const auto& episodes : recording.batches) {
    std::int64_t number = 0;
    for (const RecordedEpisode& recorded : episodes) {
      for (std::int64_t t = 0; t < recorded.episode.length; ++t)
        visit({batch, number, t, recorded});
      if (recorded.episode.length > 0) ++number;
    }
    ++batch;
  }
}

Matrix SideBySide(std::span<const Episode> episodes, Matrix Episode::* matrix) {
  Matrix all((episodes.front().*matrix).rows(), CountSteps(episodes));
  std::int64_t first = 0;
  for (const Episode& episode : episodes) {
    all.middleCols(first, episode.length) = (episode.*matrix).leftCols(episode.length);
    first += episode.length;
  }
  return all;
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
