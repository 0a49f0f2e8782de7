#include "tools/export/check/comparison.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <vector>

#include "agents/control/control_facts.h"
#include "agents/network/policy_feedback.h"
#include "envs/stage.h"
#include "tools/export/check/c_policy.h"
#include "tools/export/check/onnx_policy.h"
#include "tools/export/recording.h"

namespace anole::exports {
namespace {

namespace fs = std::filesystem;

constexpr double kCloseActions = 1e-5, kCloseParameters = 1e-5;
constexpr int kTimed = 20000;  // actions

// NaN where a number is none.
double Difference(MatrixIn computed, MatrixIn expected) {
  return ((computed - expected).array().abs() / (1 + expected.array().abs()))
      .maxCoeff<Eigen::PropagateNaN>();
}

// The mean action for each column, one after another.
Matrix MeanActions(const ControlPolicy<float>& policy, MatrixIn observations,
                   Eigen::Index action_dim) {
  auto memory = policy.MakeMemory();
  Matrix actions(action_dim, observations.cols());
  policy.BeginEpisode(memory);
  for (Eigen::Index i = 0; i < observations.cols(); ++i) {
    policy.Mean(observations.col(i), memory, actions.col(i));
  }
  return actions;
}

Matrix MeanActions(CPolicy& policy, MatrixIn observations, Eigen::Index action_dim) {
  Matrix actions(action_dim, observations.cols());
  Eigen::VectorXf action(action_dim);
  policy.Begin();
  for (Eigen::Index i = 0; i < observations.cols(); ++i) {
    policy.Act(observations.col(i).cast<float>(), {}, action);
    actions.col(i) = action.cast<double>();
  }
  return actions;
}

// Of a call, one after another [s].
template <class Call>
double SecondsOf(const Call& call) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kTimed; ++i) call(i);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / kTimed;
}

void CheckStatus(int status, const char* function) {
  if (status == 0) return;
  throw std::runtime_error(std::string(function) + " gives status " + std::to_string(status));
}

void RecordEpisode(const Episode& episode, CPolicy& c) {
  if (episode.end == End::kDiverged || episode.length == 0) return;
  for (std::int64_t t = 0; t < episode.length; ++t) {
    CheckStatus(
        c.Record(episode.observations.col(t).cast<float>(), episode.actions.col(t).cast<float>(),
                 static_cast<float>(episode.rewards[t]), false),
        "anole_record");
  }
  CheckStatus(c.EndEpisode(), "anole_end_episode");
}

// Of a batch that may be empty, because every episode diverged: then no update is made, as by
// anole.
void UpdateC(CPolicy& c) {
  const int status = c.Update();
  if (status != kCEmpty) CheckStatus(status, "anole_update");
}

// Plays an episode with the C code, which records it. Noise, start and dynamics are those of the
// program's episode at that address. feedback_dim: numbers that the policy sees of its own past.
double PlayWithC(Stage& stage, VectorIn task, const Address& address, std::int64_t feedback_dim,
                 CPolicy& c) {
  const FamilySpec& spec = stage.family().spec();
  Rng explore = address.Open(Purpose::kAction);
  stage.Reset(task, address);
  Eigen::VectorXf noise(spec.action_dim), action(spec.action_dim);
  Eigen::VectorXf observation = Eigen::VectorXf::Zero(spec.observation_dim + feedback_dim);
  double sum = 0;
  for (std::int64_t t = 0; t < spec.horizon; ++t) {
    observation.head(spec.observation_dim) = stage.Observe().cast<float>();
    for (float& number : noise) number = static_cast<float>(explore.Normal());
    c.Act(observation, noise, action);
    const Outcome outcome = stage.Step(action.cast<double>());
    if (outcome.diverged) {
      c.DiscardEpisode();
      return sum + spec.diverged_reward * static_cast<double>(spec.horizon - t);
    }
    sum += outcome.reward;
    CheckStatus(
        c.Record(observation, action, static_cast<float>(outcome.reward), outcome.terminated),
        "anole_record");
    if (outcome.terminated) return sum;
    if (feedback_dim > 0) {
      WriteFeedback(action, static_cast<float>(outcome.reward), false,
                    observation.tail(feedback_dim));
    }
  }
  CheckStatus(c.EndEpisode(), "anole_end_episode");
  return sum;
}

// Adaptations by the program and by the C code, on the same tasks.
class BothAdapt {
 public:
  BothAdapt(const ExportedPolicy& policy, Eigen::Index tasks, CPolicy& c)
      : policy_(policy),
        c_(c),
        program_(policy.run->experiment().evaluation.updates + 1, tasks),
        by_itself_(program_.rows(), tasks),
        differences_(Vector::Zero(program_.rows() - 1)) {}

  void Adapt(VectorIn task, Eigen::Index number) {
    const auto& evaluation = policy_.run->experiment().evaluation;
    Address address = policy_.run->AddressOf({.task = task, .number = number});
    const Matrix params = policy_.loop()
                              .Adapt(policy_.learned, task, address,
                                     {.updates = evaluation.updates,
                                      .rollouts = evaluation.rollouts,
                                      .trajectory = true})
                              .trajectory;
    std::vector<Episode> episodes = policy_.loop().MakeEpisodes(evaluation.rollouts);
    c_.Begin();
    for (std::int64_t k = 0; k <= evaluation.updates; ++k) {
      address.inner_step = k;
      policy_.loop().Sample(policy_.loop().Policy(params.col(k), policy_.learned.context), task,
                            Exploration::kStochastic, address, 0, episodes);
      program_(k, number) = MeanReturn(episodes);
      if (k == evaluation.updates) break;
      // The C code learns from what the program has met.
      for (const Episode& episode : episodes) RecordEpisode(episode, c_);
      UpdateC(c_);
      Compare(params.col(k + 1).head(policy_.shape().size()), k);
    }
    AdaptByItself(task, number);
  }

  void Tell(Comparison& comparison) const {
    const Matrix differences = by_itself_ - program_;
    const auto tasks = static_cast<double>(differences.cols());
    const Vector means = differences.rowwise().mean();
    comparison.parameters = differences_;
    comparison.program_returns = program_.rowwise().mean();
    comparison.c_returns = by_itself_.rowwise().mean();
    comparison.errors =
        ((differences.colwise() - means).rowwise().squaredNorm() / (tasks * (tasks - 1)))
            .cwiseSqrt();
  }

 private:
  void Compare(VectorIn expected, Eigen::Index update) {
    const double off = (c_.Parameters(expected.size()) - expected).norm() / expected.norm();
    if (!(off <= differences_[update])) differences_[update] = off;  // NaN as well
  }

  void AdaptByItself(VectorIn task, Eigen::Index number) {
    const auto& evaluation = policy_.run->experiment().evaluation;
    Stage stage(policy_.loop().family());
    c_.Begin();
    for (std::int64_t k = 0; k <= evaluation.updates; ++k) {
      Address address = policy_.run->AddressOf({.task = task, .number = number});
      address.inner_step = k;
      double sum = 0;
      for (std::int64_t i = 0; i < evaluation.rollouts; ++i) {
        address.rollout = i;
        sum += PlayWithC(stage, task, address, policy_.shape().feedback_dim, c_);
      }
      by_itself_(k, number) = sum / static_cast<double>(evaluation.rollouts);
      if (k < evaluation.updates) UpdateC(c_);
    }
  }

  const ExportedPolicy& policy_;
  CPolicy& c_;
  Matrix program_, by_itself_;  // (updates + 1 x tasks): mean returns
  Vector differences_;          // (updates): of the parameters, largest over the tasks
};

}  // namespace

bool Comparison::close() const {
  const auto near = [](double difference, double limit) { return difference <= limit; };  // no NaN
  return selfcheck == kCOk && near(c_actions.value_or(0), kCloseActions) &&
         near(onnx_actions.value_or(0), kCloseActions) &&
         (parameters.array() <= kCloseParameters).all();
}

Comparison Compare(const ExportedPolicy& policy, const fs::path& folder, MatrixIn tasks) {
  const EvaluationOptions& evaluation = policy.run->experiment().evaluation;
  const Eigen::Index actions = policy.family().action_dim;
  std::vector<Episode> episodes = policy.loop().MakeEpisodes(evaluation.rollouts * tasks.cols());
  const ControlPolicy<float> acting = policy.policy();
  policy.loop().Sample(acting, tasks, Exploration::kDeterministic,
                       policy.run->AddressOf({.task = tasks.col(0), .number = 0}), 0, episodes);
  const Matrix observations = SideBySide(episodes, &Episode::observations);
  if (observations.cols() == 0)
    throw std::runtime_error("every episode diverges in its first step");
  const Matrix expected = MeanActions(acting, observations, actions);

  Comparison comparison{.observations = observations.cols()};
  auto memory = acting.MakeMemory();
  Vector action(actions);
  const auto column = [&](int i) { return observations.col(i % observations.cols()); };
  comparison.program_seconds = SecondsOf([&](int i) { acting.Mean(column(i), memory, action); });
  if (fs::exists(folder / "policy.onnx")) {
    if (const auto onnx = RunOnnx(folder / "policy.onnx", observations, actions)) {
      comparison.onnx_actions = Difference(onnx->actions, expected);
      comparison.onnx_seconds = onnx->seconds_per_action;
    }
  }
  if (!fs::exists(folder / "anole_policy.c")) return comparison;
  // Room for the test vectors at least.
  const std::int64_t episodes_each = std::max(evaluation.rollouts, kVectorEpisodes);
  CPolicy c(folder, episodes_each * std::max(policy.family().horizon, kVectorSteps), episodes_each);
  comparison.selfcheck = c.SelfCheck();
  comparison.c_actions = Difference(MeanActions(c, observations, actions), expected);
  const Eigen::MatrixXf floats = observations.cast<float>();
  Eigen::VectorXf observation(floats.rows()), c_action(actions);
  comparison.c_seconds = SecondsOf([&](int i) {
    observation = floats.col(i % floats.cols());
    c.Act(observation, {}, c_action);
  });
  if (!c.learns()) return comparison;
  BothAdapt both(policy, tasks.cols(), c);
  for (Eigen::Index i = 0; i < tasks.cols(); ++i) both.Adapt(tasks.col(i), i);
  both.Tell(comparison);
  return comparison;
}

}  // namespace anole::exports
