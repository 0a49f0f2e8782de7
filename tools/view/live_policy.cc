#include "tools/view/live_policy.h"

#include <utility>

#include "agents/finite.h"
#include "agents/parallel_for.h"

namespace anole::view {

LivePolicy::LivePolicy(const Run& run, AdaptationRequest request, int threads)
    : run_(run),
      request_(std::move(request)),
      threads_(threads),
      state_(Learned(run.state())),
      trajectory_(state_.theta) {}

Address LivePolicy::address() const {
  return {.seed = static_cast<std::uint64_t>(run_.experiment().evaluation.seed),
          .phase = Phase::kTest,
          .task = request_.number};
}

ControlPolicy<float> LivePolicy::PolicyOf(Eigen::Index update) const {
  return run_.control_loop()->Policy(trajectory_.col(update), state_.context);
}
ControlPolicy<float> LivePolicy::Before() const { return PolicyOf(0); }
ControlPolicy<float> LivePolicy::Now() const { return PolicyOf(trajectory_.cols() - 1); }

ControlLoop::Trials LivePolicy::Remembered(std::int64_t updates) const {
  const ControlLoop& loop = *run_.control_loop();
  ControlLoop::Trials trial = loop.MakeTrials(1);
  if (trial.empty()) return trial;
  std::vector<Episode> episodes = loop.MakeEpisodes(1);
  for (std::int64_t k = 0; k < updates; ++k) {
    Address episode = address();
    episode.inner_step = k;
    loop.Sample(PolicyOf(k), request_.task, Exploration::kStochastic, episode, 0, episodes, trial);
  }
  return trial;
}

// Again from the beginning, which is the same bits: an update more.
void LivePolicy::AdaptOnce() {
  if (adapting()) return;
  failure_.clear();
  since_ = std::chrono::steady_clock::now();
  const Plan plan{.updates = updates() + 1,
                  .rollouts = run_.experiment().evaluation.rollouts,
                  .score_last = true,
                  .trajectory = true};
  coming_ = std::async(std::launch::async, [this, plan]() -> Coming {
    Coming coming;
    WithThreads(threads_, [&] {
      const Adaptation adaptation =
          run_.control_loop()->Adapt(state_, request_.task, address(), plan);
      coming.trajectory = adaptation.trajectory;
      for (const double score : adaptation.facts.row(kScoreFact)) coming.scores.push_back(score);
    });
    if (!AllFinite(Vector(coming.trajectory.rightCols(1)))) {
      coming.failure = "the update breaks the parameters";
    }
    return coming;
  });
}

void LivePolicy::Undo() {
  if (adapting() || updates() == 0) return;
  trajectory_.conservativeResize(Eigen::NoChange, trajectory_.cols() - 1);
  scores_.pop_back();
}

double LivePolicy::adapting_for() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - since_).count();
}

bool LivePolicy::Collect() {
  if (!adapting() || coming_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    return false;
  }
  Coming coming = coming_.get();
  if (!coming.failure.empty()) {
    failure_ = std::move(coming.failure);
    return false;
  }
  trajectory_ = std::move(coming.trajectory);
  scores_ = std::move(coming.scores);
  return true;
}

}  // namespace anole::view
