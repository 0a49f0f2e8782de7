// ControlLoop::Adapt and AdaptTo: sample, score, estimate, update, again.
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "agents/control/control_facts.h"
#include "agents/control/control_loop.h"
#include "agents/control/frozen_control.h"
#include "agents/control/policy_gradient.h"
#include "agents/control/trial.h"
#include "agents/finite.h"
#include "agents/network/policy_feedback.h"
#include "configs/user_error.h"

namespace anole {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// (layers): cosine of the angle between two gradients, layer by layer; 0 where one of them is 0.
Vector LayerCosines(std::span<const LayerShape> layers, VectorIn a, VectorIn b) {
  Vector cosines = Vector::Zero(static_cast<Eigen::Index>(layers.size()));
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const auto x = a.segment(layers[l].offset, layers[l].size());
    const auto y = b.segment(layers[l].offset, layers[l].size());
    const double norms = x.norm() * y.norm();
    if (norms > 0 && std::isfinite(norms)) {
      cosines[static_cast<Eigen::Index>(l)] = x.dot(y) / norms;
    }
  }
  return cosines;
}

// Completes what was seen in an episode, where the task's observations alone were recorded.
void AddFeedback(const PolicyShape& shape, Episode& episode) {
  const Eigen::Index own = episode.observations.rows(), feedback_dim = shape.feedback_dim;
  if (own == shape.observation_dim()) return;
  episode.observations.conservativeResize(own + feedback_dim, Eigen::NoChange);
  auto feedback = episode.observations.bottomRows(feedback_dim);
  feedback.setZero();
  for (std::int64_t t = 0; t + 1 < episode.length; ++t) {
    WriteFeedback(episode.actions.col(t), episode.rewards[t], false, feedback.col(t + 1));
  }
}

}  // namespace

// An adaptation in progress. The loop and the arguments of Adapt outlive it.
class ControlLoop::Course {
 public:
  // recorded: the episodes of each batch, in the place of sampled ones; none: they are sampled.
  Course(const ControlLoop& loop, const Learnable& state, MatrixIn tasks, const Address& address,
         const Plan& plan, std::span<const std::vector<Episode>> recorded = {});

  Adaptation Run() &&;

 private:
  // A batch of episodes, all of the same policy.
  struct Batch {
    std::int64_t updates;  // made before it
    Address address;
    ControlPolicy<float> policy;
    std::vector<Samples> samples;  // of each task, once they are estimated
  };

  Batch NextBatch(std::int64_t updates) const;
  auto Facts(const Batch& batch) { return result_.facts.col(batch.updates); }

  bool by_memory() const { return loop_.learner_->adapts_by_memory(); }

  // Samples the episodes, or takes the recorded ones, and tells how they went.
  void Score(const Batch& batch);
  void Sample(const Batch& batch);
  // Keeps the episodes of which a trial goes on.
  void Remember();
  // Fills batch.samples, with normalised advantages.
  void Estimate(Batch& batch);
  // Moves the policy, and the critic where there is one.
  void Update(Batch batch);
  // Tells how the directions of successive updates agree, of which step sizes are learned.
  void CompareToLast(const Batch& batch, const UpdateStats& update);
  // Fills in the gradient, by the batch after the updates, and what it was asked for beside it.
  void Differentiate(Batch batch);

  const ControlLoop& loop_;
  const Learnable& state_;
  const MatrixIn tasks_;
  const Address& address_;
  const Plan& plan_;
  const std::span<const std::vector<Episode>> recorded_;
  std::vector<Episode> episodes_;                 // of the newest batch
  Trials trials_;                                 // what the policy remembers of those before
  std::vector<std::vector<Episode>> remembered_;  // [trial]: those of which there is no update yet
  Adaptation result_;                             // its params: those reached so far
  ContextStats stats_;
  Vector last_direction_;                  // of the update before
  Vector memory_;                          // of the learner
  std::unique_ptr<FrozenControl> frozen_;  // where updates are to be differentiated
};

ControlLoop::Course::Course(const ControlLoop& loop, const Learnable& state, MatrixIn tasks,
                            const Address& address, const Plan& plan,
                            std::span<const std::vector<Episode>> recorded)
    : loop_(loop),
      state_(state),
      tasks_(tasks),
      address_(address),
      plan_(plan),
      recorded_(recorded),
      episodes_(loop.MakeEpisodes(plan.rollouts * tasks.cols())),
      trials_(loop.MakeTrials(std::ssize(episodes_))),
      stats_(loop.shape_, plan.updates) {
  result_.params = state.theta;
  result_.facts = Matrix::Constant(kControlFacts, plan.batches(), kNaN);
  if (plan.trajectory) result_.trajectory = state.theta.replicate(1, plan.updates + 1);
  if (plan.derivative >= Derivative::kAtTheta) {
    frozen_ = std::make_unique<FrozenControl>(*loop.learner_, plan.objective,
                                              loop.context_.NoiseRatio(state.context));
  }
}

Adaptation ControlLoop::Course::Run() && {
  const bool differentiates = plan_.derivative != Derivative::kNone;
  for (std::int64_t k = 0; k < plan_.batches(); ++k) {
    if (!AllFinite(result_.params)) {  // no policy: whatever its episodes scored would be untrue
      if (differentiates) result_.gradient = Vector::Constant(state_.theta.size(), kNaN);
      break;
    }
    Batch batch = NextBatch(k);
    Score(batch);
    const bool is_last = k == plan_.updates;  // the batch that no update learns from
    if (is_last && !differentiates) break;
    if (by_memory() && !is_last) {
      Remember();
      continue;
    }
    Estimate(batch);
    if (is_last) {
      Differentiate(std::move(batch));
    } else {
      Update(std::move(batch));
    }
  }
  if (plan_.updates > 0) result_.context_stats = stats_.flat();
  if (plan_.batches() > 0) result_.objective = result_.facts(kScoreFact, plan_.batches() - 1);
  return std::move(result_);
}

ControlLoop::Course::Batch ControlLoop::Course::NextBatch(std::int64_t updates) const {
  Batch batch{updates, address_, loop_.Policy(result_.params, state_.context), {}};
  batch.address.inner_step = updates;
  return batch;
}

void ControlLoop::Course::Score(const Batch& batch) {
  if (plan_.deterministic) {
    Trials aside = trials_;  // it scores what is remembered, and is itself forgotten
    loop_.Sample(batch.policy, tasks_, Exploration::kDeterministic, batch.address, plan_.rollouts,
                 episodes_, aside);
    Facts(batch)[kDeterministicFact] = MeanReturn(episodes_);
  }
  Sample(batch);
  TellBatch(episodes_, loop_.family_->spec(), batch.policy, Facts(batch));
}

void ControlLoop::Course::Sample(const Batch& batch) {
  if (recorded_.empty()) {
    loop_.Sample(batch.policy, tasks_, Exploration::kStochastic, batch.address, 0, episodes_,
                 trials_);
    return;
  }
  episodes_ = recorded_[static_cast<std::size_t>(batch.updates)];
  for (Episode& episode : episodes_) {
    AddFeedback(loop_.shape_, episode);
    auto log_probs = episode.log_probs.head(episode.length);
    if (log_probs.allFinite()) continue;
    log_probs = batch.policy.LogProbs(episode.observations.leftCols(episode.length),
                                      episode.actions.leftCols(episode.length));
  }
}

// Of an adaptation that is to be differentiated; of others nobody asks any more.
void ControlLoop::Course::Remember() {
  if (plan_.derivative == Derivative::kNone) return;
  result_.samples += CountSteps(episodes_);
  remembered_.resize(episodes_.size());
  for (std::size_t i = 0; i < episodes_.size(); ++i) remembered_[i].push_back(episodes_[i]);
}

void ControlLoop::Course::Estimate(Batch& batch) {
  if (by_memory()) {
    Remember();
    for (std::size_t i = 0; i < episodes_.size(); ++i) episodes_[i] = JoinTrial(remembered_[i]);
  } else {
    result_.samples += CountSteps(episodes_);
  }
  batch.samples = loop_.Estimate(episodes_, tasks_.cols(), result_.params, state_.context);
  TellBaseline(batch.samples, Facts(batch));
  if (batch.updates == 0 || by_memory()) {
    loop_.context_.Measure(state_.context, batch.samples, stats_);
  }
  for (Samples& task : batch.samples) {
    loop_.context_.NormalizeAdvantages(state_.context, task.advantages);
  }
}

void ControlLoop::Course::Update(Batch batch) {
  const Vector step_scale = loop_.context_.StepScale(state_.context, batch.updates);
  const UpdateStats update =
      loop_.learner_->Update(batch.policy, batch.samples,
                             {.address = batch.address,
                              .step_scale = step_scale,
                              .noise_ratio = loop_.context_.NoiseRatio(state_.context)},
                             memory_, result_.params.head(loop_.shape_.size()));
  if (loop_.critic_) {
    auto params = result_.params.tail(loop_.critic_size());
    params = loop_.critic_->Fit(params, loop_.context_.Observations(state_.context), batch.samples);
  }
  if (plan_.trajectory) result_.trajectory.col(batch.updates + 1) = result_.params;
  TellUpdate(update, batch.policy, loop_.Policy(result_.params, state_.context), batch.samples,
             Facts(batch));
  CompareToLast(batch, update);
  if (frozen_) {
    frozen_->Add({std::move(batch.samples), batch.address, step_scale},
                 {std::move(batch.policy), update});
  }
}

void ControlLoop::Course::CompareToLast(const Batch& batch, const UpdateStats& update) {
  if (batch.updates > 0) {
    stats_.cosines().col(batch.updates - 1) =
        LayerCosines(loop_.shape_.layers(), last_direction_, update.gradient);
  }
  last_direction_ = update.direction.size() > 0 ? update.direction : update.gradient;
}

void ControlLoop::Course::Differentiate(Batch batch) {
  const Vector gradient = PolicyGradient(batch.policy, batch.samples);
  Facts(batch)[kGradientNormFact] = gradient.norm();
  result_.gradient.resize(state_.theta.size());
  result_.gradient.head(loop_.shape_.size()) = gradient;
  if (loop_.critic_) {
    result_.gradient.tail(loop_.critic_size()) =
        loop_.critic_->Gradient(result_.params.tail(loop_.critic_size()),
                                loop_.context_.Observations(state_.context), batch.samples);
  }
  if (frozen_ == nullptr) return;
  frozen_->Add({std::move(batch.samples), batch.address, {}}, {std::move(batch.policy), {}});
  result_.gradient = frozen_->BackPropagate(gradient);
  if (plan_.derivative == Derivative::kAtAnyTheta) result_.frozen = std::move(frozen_);
}

Adaptation ControlLoop::Adapt(const Learnable& state, MatrixIn tasks, const Address& address,
                              const Plan& plan) const {
  return Course(*this, state, tasks, address, plan).Run();
}

Adaptation ControlLoop::AdaptTo(const Learnable& state,
                                std::span<const std::vector<Episode>> batches,
                                const Address& address) const {
  if (learner_->adapts_by_memory()) {
    throw UserError(
        R"(inner.learner = "memory" learns nothing from recorded episodes: it adapts as it acts)");
  }
  const Plan plan{.updates = static_cast<std::int64_t>(batches.size()), .trajectory = true};
  const Vector unknown = Vector::Constant(std::ssize(spec_.task_parameters), kNaN);
  return Course(*this, state, unknown, address, plan, batches).Run();
}

}  // namespace anole
