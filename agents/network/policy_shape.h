// Which parameters a Gaussian policy has, what it sees, and the options that say so.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "agents/network/gru.h"
#include "agents/network/mlp.h"
#include "configs/option.h"
#include "envs/linear_algebra.h"

namespace anole {

// Where the log standard deviation of actions comes from: theta, the options, or a schedule.
enum class LogStdMode { kLearned, kFixed, kScheduled };

constexpr auto WordsOf(LogStdMode) {
  return Words<LogStdMode>({{LogStdMode::kLearned, "learned"},
                            {LogStdMode::kFixed, "fixed"},
                            {LogStdMode::kScheduled, "scheduled"}});
}

struct PolicyOptions {
  std::vector<std::int64_t> hidden = {64, 64};
  std::int64_t gru = 0;
  bool feedback = false;
  LogStdMode log_std_mode = LogStdMode::kFixed;
  double log_std = -0.5;
  double log_std_final = -1.2;
  double log_std_floor = -3;
  bool normalize_observations = true;

  static void Describe(VisitOf<PolicyOptions> visit);
};

// Which parameters the policy has and where they are: the network's, those of the recurrent unit
// before it, if there is one, then, where it is learned, the log standard deviation.
struct PolicyShape {
  MlpShape network;
  bool learns_log_std = false;
  double log_std_floor = -std::numeric_limits<double>::infinity();  // where it is learned
  GruShape gru;
  std::int64_t feedback_dim = 0;  // numbers of its own past that it sees: policy_feedback.h, or 0

  // All that it sees.
  std::int64_t observation_dim() const {
    return gru.units > 0 ? gru.input.inputs : network.inputs();
  }
  std::int64_t action_dim() const { return network.outputs(); }
  std::int64_t size() const {
    return network.size() + gru.size() + (learns_log_std ? action_dim() : 0);
  }
  std::vector<Block> Blocks() const;

  // The segments of the parameters that have step sizes of their own.
  std::vector<LayerShape> layers() const;

  // Random weights, and where it is learned `log_std`. The first policy does next to nothing.
  Vector InitialParams(Rng& rng, double log_std) const;

  // (action_dim): the learned log standard deviation as it acts, at least the floor.
  Vector LearnedLogStd(VectorIn params) const;
};

// observation_dim: of the task's observations.
PolicyShape MakeShape(const PolicyOptions& options, std::int64_t observation_dim,
                      std::int64_t action_dim);

}  // namespace anole
