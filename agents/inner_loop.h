// The contract between an agent, which learns one task, and the meta-learner, which learns where
// to start: meta/ knows no policy, no episode and no MuJoCo, only this.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "agents/column.h"
#include "agents/frozen_adaptation.h"
#include "envs/linear_algebra.h"
#include "envs/phased_range.h"
#include "envs/random.h"
#include "envs/task_list.h"

namespace anole {

// A named tensor within a flat vector; row-major shape.
struct Block {
  std::string name;
  std::vector<std::int64_t> shape;
  double min = -std::numeric_limits<double>::infinity();  // no element can be less

  std::int64_t size() const;
};

// What the flat vectors of a Learnable hold, block after block.
struct Layout {
  std::vector<Block> theta, context;
};

std::int64_t TotalSize(const std::vector<Block>& blocks);

// What learning begins with, and what a meta-learner makes better.
struct Learnable {
  Vector theta;                // the initial parameters
  Vector context;              // what is learned beside theta; frozen within an iteration
  std::int64_t iteration = 0;  // of the meta-learner: how many it has done
};

// How much an adaptation tells of the objective's derivative. Each one includes those before it.
enum class Derivative {
  kNone,
  kAtPhi,      // Adaptation::gradient, in the adapted parameters; takes one more batch
  kAtTheta,    // that gradient, taken back through the updates: in the initial parameters
  kAtAnyTheta  // Adaptation::frozen: the objective and its gradient at other initial parameters
};

// What an adaptation is asked to do.
struct Plan {
  std::int64_t updates = 1;
  std::int64_t rollouts = 0;   // per inner step (supervised tasks own the size of their batches)
  bool score_last = false;     // draw one more batch, after the last update?
  bool deterministic = false;  // score the policy without exploration as well?
  Derivative derivative = Derivative::kNone;  // at most what InnerLoopSpec::derivatives allows
  AdaptationObjective objective = {};         // of which that is the derivative, from kAtTheta on
  bool trajectory = false;                    // Adaptation::trajectory wanted?
  bool one_batch = false;  // supervised: all updates see the same examples, as in K-shot tests

  // After how many updates the last batch scores. An update learns from the batch drawn before it,
  // so what the last one gained shows only where one more batch is drawn.
  std::int64_t scored_updates() const {
    return score_last || derivative != Derivative::kNone ? updates : updates - 1;
  }

  // Batches drawn, all in all.
  std::int64_t batches() const { return scored_updates() + 1; }
};

// The outcome of learning one task, or a mixture of tasks.
struct Adaptation {
  Vector params;         // phi, the adapted parameters
  Matrix trajectory;     // (parameters x updates + 1), where asked for: column k is phi after k
                         // updates, the same as an adaptation of k updates ends with
  Vector gradient;       // where asked for (Derivative): ascent direction of the objective,
                         // estimated on a batch that no update has seen
  Vector context_stats;  // what NextContext needs of this task; empty if nothing was updated
  // What is maximised, on the last batch: the return, or minus the loss.
  double objective = std::numeric_limits<double>::quiet_NaN();
  Matrix facts;              // (facts x batches): column k measured on the batch after k updates
  std::int64_t samples = 0;  // that updates and gradient learned from: environment steps, or
                             // examples; those of a batch that only scores do not count
  // Where asked for (kAtAnyTheta): the same again from other parameters. It stays on the rank that
  // adapted, and does not outlive the inner loop.
  std::unique_ptr<const FrozenAdaptation> frozen = nullptr;
};

// Which derivatives a loop can tell.
struct DerivativeLimit {
  Derivative most = Derivative::kAtAnyTheta;
  std::string reason;  // why there are no more, as the user is told; empty: there are no more
};

struct InnerLoopSpec {
  Layout layout;
  std::string score;             // "return" or "loss"
  bool higher_is_better = true;  // of the score
  std::vector<Column> facts;     // the rows of Adaptation::facts
  std::vector<NamedUnit> task_parameters;
  std::vector<TaskRanges> task_ranges;  // what those are drawn from; none: unknown
  bool rolls_out = false;  // tasks are learned from episodes of a policy, not from data
  Plan training;           // what an adaptation in training does
  DerivativeLimit derivatives;
  std::string stays;  // why an adaptation ends with the parameters that it began with, so that only
                      // a gradient tells where to go, as the user is told; empty: it does not
  std::int64_t batch_samples = 0;     // of a batch in training, where no episode ends early
  std::vector<std::string> warnings;  // of what is probably not meant so, told before training
};

// Names and rows of the facts that every inner loop reports.
inline constexpr int kScoreFact = 0;          // mean return, or loss
inline constexpr int kDeterministicFact = 1;  // the same without exploration; NaN if not asked for
inline constexpr int kSamplesFact = 2;        // drawn in the batch, those of fact 1 not counted
inline constexpr int kSuccessFact = 3;        // share of episodes that succeed; NaN if not defined
inline constexpr int kSharedFacts = 4;

// Const and thread-safe. The objective (the return, or minus the loss) is always maximised.
class InnerLoop {
 public:
  virtual ~InnerLoop() = default;

  virtual const InnerLoopSpec& spec() const = 0;

  // Random theta and the context to begin with.
  virtual Learnable Initial(std::uint64_t seed) const = 0;

  // (task parameters x slice.count)
  virtual Matrix SampleTasks(std::uint64_t seed, Phase phase, const Slice& slice) const = 0;

  // Learns from state.theta on. One column of `tasks` is a task. Several are a mixture, learned at
  // once: column j draws what it would draw alone at task number address.task + j, baselines and
  // normalisation are its own, and updates follow the mean of the columns' gradients.
  // Draws from `address` with all inner steps and rollouts.
  virtual Adaptation Adapt(const Learnable& state, MatrixIn tasks, const Address& address,
                           const Plan& plan) const = 0;

  // The context of the next iteration. `state` is that of the iteration that made the batch.
  virtual Vector NextContext(const Learnable& state, std::span<const Adaptation> batch) const = 0;
};

}  // namespace anole
