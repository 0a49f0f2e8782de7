// Run::Evaluate and Run::Adapt: what a run has learned, put to use.
#include <cstdint>

#include "configs/user_error.h"
#include "tools/run/run.h"
#include "tools/run/shared_work.h"

namespace anole {

EvaluationRecord Run::Evaluate(const EvaluationRequest& request, const Communicator& ranks) {
  experiment_.evaluation.goals = request.goals;
  const EvaluationTasks tasks = TasksOf(loop(), request.phase, experiment_.evaluation);
  WarnOfIdleRanks(ranks, tasks.total());
  const auto evaluate = [&](const Learnable& state, bool is_baseline) {
    const auto progress = [&](std::int64_t done) {
      if (request.progress) request.progress(done, tasks, is_baseline);
    };
    progress(0);
    return ShareEvaluation(ranks, experiment_, loop(), state, request.phase, progress);
  };
  EvaluationRecord record = MakeRecord(directory_, experiment_, loop(), state_, request.phase,
                                       evaluate(Learned(state_), false));
  if (request.baseline) {
    record.baseline =
        evaluate(loop().Initial(static_cast<std::uint64_t>(experiment_.run.seed)), true);
  }
  return record;
}

void Run::CheckParametersMove() const {
  if (loop().spec().stays.empty()) return;
  throw UserError(directory_.path().string() +
                  ": its policy adapts as it acts, by what it remembers, and its parameters stay; "
                  "`anole export` without a goal takes them along as they are");
}

Adapted Run::Adapt(const AdaptationRequest& request) const {
  const Plan plan{.updates = experiment_.evaluation.updates,
                  .rollouts = experiment_.evaluation.rollouts,
                  .score_last = true,
                  .trajectory = true};
  return Outcome(loop().Adapt(Learned(state_), request.task, AddressOf(request), plan));
}

Adapted Run::AdaptTo(std::span<const std::vector<Episode>> batches) const {
  return Outcome(control_loop()->AdaptTo(Learned(state_), batches, AddressOf({})));
}

Address Run::AddressOf(const AdaptationRequest& request) const {
  return {.seed = static_cast<std::uint64_t>(experiment_.evaluation.seed),
          .phase = Phase::kTest,
          .task = request.number};
}

Adapted Run::Outcome(const Adaptation& adaptation) const {
  Adapted adapted{.trajectory = adaptation.trajectory,
                  .scores = adaptation.facts.row(kScoreFact),
                  .samples = adaptation.facts.row(kSamplesFact),
                  .state = state_};
  adapted.state.theta = adaptation.params;
  adapted.state.average.resize(0);  // of what was before
  return adapted;
}

}  // namespace anole
