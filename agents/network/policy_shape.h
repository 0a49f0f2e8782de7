// Which parameters a Gaussian policy has, and the options that say so.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

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
  LogStdMode log_std_mode = LogStdMode::kFixed;
  double log_std = -0.5;
  double log_std_final = -1.2;
  double log_std_floor = -3;
  bool normalize_observations = true;

  static void Describe(VisitOf<PolicyOptions> visit);
};

// Which parameters the policy has and where they are: the network's, then, where it is learned,
// the log standard deviation.
struct PolicyShape {
  MlpShape network;
  bool learns_log_std = false;
  double log_std_floor = -std::numeric_limits<double>::infinity();  // where it is learned

  std::int64_t observation_dim() const { return network.inputs(); }
  std::int64_t action_dim() const { return network.outputs(); }
  std::int64_t size() const { return network.size() + (learns_log_std ? action_dim() : 0); }
  std::vector<Block> Blocks() const;

  // The segments of the parameters that have step sizes of their own.
  const std::vector<LayerShape>& layers() const { return network.layers; }

  // Random weights, and where it is learned `log_std`. The first policy does next to nothing.
  Vector InitialParams(Rng& rng, double log_std) const;

  // (action_dim): the learned log standard deviation as it acts, at least the floor.
  Vector LearnedLogStd(VectorIn params) const;
};

PolicyShape MakeShape(const PolicyOptions& options, std::int64_t observation_dim,
                      std::int64_t action_dim);

}  // namespace anole
