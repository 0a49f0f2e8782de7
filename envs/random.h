// Addressed randomness: a draw is a function of where it belongs, never of what was drawn before.
//
// A stream is named by an Address and a Purpose. Any thread or machine opens the stream that it
// needs, so no schedule, thread count or number of ranks can change a draw.
// Generator: Philox4x32-10 (Salmon et al. 2011, "Parallel Random Numbers: As Easy as 1, 2, 3").
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace anole {

// Which of the three disjoint sets of tasks and episodes: training learns from its own, validation
// selects (best checkpoint, tuning), test is touched by `evaluate` and `compare` only.
enum class Phase : std::uint8_t { kTrain, kValidation, kTest };

// One stream for each use within an address, so that a replay of recorded actions meets the same
// noise although it draws no action.
enum class Purpose : std::uint8_t {
  kInit,        // initial parameters
  kTask,        // task parameters
  kModel,       // a task's or an episode's own dynamics
  kReset,       // initial states
  kObserve,     // observation noise
  kAction = 6,  // exploration; 5 is free, as the numbers are part of every draw's address
  kLearner,     // minibatch orders and data sets
};

// A stream of random numbers. Cheap to open and to copy; no two addresses share a stream.
class Rng {
 public:
  using result_type = std::uint32_t;
  using Counter = std::array<std::uint32_t, 4>;  // the first word counts blocks of four draws

  Rng(std::uint64_t seed, const Counter& counter) : seed_(seed), counter_(counter) {}

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  result_type operator()();                 // 32 random bits
  double Uniform(double low, double high);  // in [low, high), 53 random bits
  double Normal();                          // mean 0, standard deviation 1

 private:
  std::uint64_t seed_;
  Counter counter_;
  std::array<std::uint32_t, 4> block_{};
  int used_ = 4;
};

// The first `count` of `values` become a uniform choice of them without replacement, in random
// order (Knuth, "The Art of Computer Programming", volume 2, algorithm 3.4.2P).
template <class Value>
void Shuffle(Rng& rng, std::vector<Value>& values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const double offset = rng.Uniform(0, static_cast<double>(values.size() - i));
    std::swap(values[i], values[i + static_cast<std::size_t>(offset)]);
  }
}

// Where a draw belongs. The widths below bound the options (validated there) and make the packing
// of addresses into Philox counters injective:
//   block:32 | iteration:32 | task:20 inner_step:12 | rollout:20 phase:4 purpose:8
struct Address {
  static constexpr std::int64_t kMaxIteration = (std::int64_t{1} << 32) - 1;
  static constexpr std::int64_t kMaxTask = (1 << 20) - 1;
  static constexpr std::int64_t kMaxInnerStep = (1 << 12) - 1;
  static constexpr std::int64_t kMaxRollout = (1 << 20) - 1;

  std::uint64_t seed = 0;
  Phase phase = Phase::kTrain;
  std::int64_t iteration = 0;   // meta-iteration; for Purpose::kTask the column in the task list
  std::int64_t task = 0;        // place in the meta-batch
  std::int64_t inner_step = 0;  // number of updates made before
  std::int64_t rollout = 0;     // episode of the inner step

  Rng Open(Purpose purpose) const;
};

}  // namespace anole
