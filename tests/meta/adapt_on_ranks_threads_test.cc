// The same results, bit for bit, on any number of ranks. tests/tools/mpi_test.py says so of MPI.
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <limits>

#include "agents/parallel_for.h"
#include "meta/adapt_on_ranks.h"
#include "meta/communicator.h"
#include "meta/evaluation.h"
#include "meta/trainer.h"
#include "tests/meta/thread_ranks.h"
#include "tools/run/experiment.h"

namespace anole {
namespace {

// NaNs and signs of zeros included.
void ExpectSameBits(MatrixIn a, MatrixIn b) {
  ASSERT_EQ(a.rows(), b.rows());
  ASSERT_EQ(a.cols(), b.cols());
  for (Eigen::Index j = 0; j < a.cols(); ++j) {
    for (Eigen::Index i = 0; i < a.rows(); ++i) {
      EXPECT_EQ(std::bit_cast<std::uint64_t>(a(i, j)), std::bit_cast<std::uint64_t>(b(i, j)));
    }
  }
}

void ExpectSame(const Adaptation& a, const Adaptation& b) {
  ExpectSameBits(a.params, b.params);
  ExpectSameBits(a.gradient, b.gradient);
  ExpectSameBits(a.context_stats, b.context_stats);
  ExpectSameBits(a.facts, b.facts);
  EXPECT_EQ(a.samples, b.samples);
}

// Every one of another shape, and of values that are easily lost.
Adaptation Odd(std::int64_t i) {
  Adaptation adaptation{.params = Vector::LinSpaced(i + 1, 0, 1.0 / 3),
                        .facts = Matrix::Constant(2, i, std::numeric_limits<double>::quiet_NaN()),
                        .samples = (std::int64_t{1} << 53) - i};
  if (i % 2 == 0) adaptation.gradient = Vector::Constant(3, -0.0);
  if (i % 3 == 0) adaptation.context_stats = Vector::Constant(2, -HUGE_VAL);
  return adaptation;
}

TEST(PartOf, CoversAllOnceAndEvenly) {
  for (const std::int64_t n : {0, 1, 2, 7, 10}) {
    for (const int size : {1, 2, 3, 12}) {
      std::int64_t next = 0;
      for (int rank = 0; rank < size; ++rank) {
        const Part part = PartOf(n, rank, size);
        EXPECT_EQ(part.first, next);
        EXPECT_GE(part.count, n / size);
        EXPECT_LE(part.count, (n + size - 1) / size);
        next += part.count;
      }
      EXPECT_EQ(next, n);
    }
  }
}

TEST(AdaptOnRanks, PackedIsUnpackedBitForBit) {
  std::vector<double> packed;
  for (std::int64_t i = 0; i < 7; ++i) Pack(Odd(i), packed);
  const std::vector<Adaptation> unpacked = Unpack(packed);
  ASSERT_EQ(unpacked.size(), 7U);
  for (std::int64_t i = 0; i < 7; ++i) ExpectSame(unpacked[static_cast<std::size_t>(i)], Odd(i));
  EXPECT_TRUE(Unpack({}).empty());
}

TEST(AdaptOnRanks, AllHaveAllInOrder) {
  for (const int size : {1, 2, 3, 8}) {  // of 5: alone, uneven, uneven, idle ones
    ThreadRanks::Run(size, [](const Communicator& ranks) {
      const std::vector<Adaptation> all = AdaptOnRanks(ranks, 5, Odd);
      ASSERT_EQ(all.size(), 5U);
      for (std::int64_t i = 0; i < 5; ++i) ExpectSame(all[static_cast<std::size_t>(i)], Odd(i));
    });
  }
}

Experiment Cheetah(const std::string& options) {
  return Experiment(Settings::FromText(options + R"(
[policy]
hidden = [8]
[inner]
updates = 2
rollouts = 2
)",
                                       "test"));
}

constexpr const char* kReptile =
    "[task]\nfamily = 'cheetah-velocity'\nhorizon = 30\n[meta]\nbatch_size = 3\n";
constexpr const char* kFomaml =
    "[task]\nfamily = 'cheetah-velocity'\nhorizon = 30\n[meta]\nbatch_size = 3\n"
    "gradient = 'fomaml'\n";
constexpr const char* kMixture =
    "[task]\nfamily = 'cheetah-velocity'\nhorizon = 30\nmixture = true\n[meta]\nbatch_size = 3\n";

constexpr const char* kPromp =
    "[task]\nfamily = 'cheetah-velocity'\nhorizon = 30\n[meta]\nbatch_size = 3\n"
    "gradient = 'promp'\nouter_steps = 2\n";
constexpr const char* kMamlTrpo =
    "[task]\nfamily = 'cheetah-velocity'\nhorizon = 30\n[meta]\nbatch_size = 3\n"
    "gradient = 'maml'\noptimizer = 'trpo'\n";

MetaState Train(const Experiment& experiment, const Communicator& ranks) {
  const auto loop = experiment.MakeLoop();
  const auto gradient = experiment.MakeGradient();
  const auto optimizer = experiment.MakeOptimizer();
  const Trainer trainer(experiment.trainer, 1, *loop, *gradient, *optimizer, ranks);
  MetaState state = loop->Initial(1);
  WithThreads(1, [&] {
    for (int i = 0; i < 2; ++i) trainer.Step(state);
  });
  return state;
}

TEST(Trainer, IsBitwiseTheSameOnAnyNumberOfRanks) {
  for (const char* options : {kReptile, kFomaml, kMixture, kPromp, kMamlTrpo}) {
    SCOPED_TRACE(options);
    const Experiment experiment = Cheetah(options);
    const MetaState alone = Train(experiment, Alone());
    for (const int size : {2, 3, 4}) {
      ThreadRanks::Run(size, [&](const Communicator& ranks) {
        const MetaState state = Train(experiment, ranks);
        ExpectSameBits(state.theta, alone.theta);
        ExpectSameBits(state.context, alone.context);
        EXPECT_EQ(state.samples, alone.samples);
        EXPECT_EQ(state.direction_norm, alone.direction_norm);
      });
    }
  }
}

TEST(Evaluate, IsBitwiseTheSameOnAnyNumberOfRanks) {
  const Experiment experiment = Cheetah(kReptile);
  const auto loop = experiment.MakeLoop();
  const MetaState state = loop->Initial(1);
  const EvaluationOptions options{.tasks = 3, .updates = 1, .rollouts = 2};
  const Evaluation alone = Evaluate(*loop, state, Phase::kTest, options);
  for (const int size : {2, 4}) {
    ThreadRanks::Run(size, [&](const Communicator& ranks) {
      std::int64_t done = 0;
      Evaluation shared;
      WithThreads(1, [&] {
        shared = Evaluate(
            *loop, state, Phase::kTest, options, [&](std::int64_t tasks) { done = tasks; }, ranks);
      });
      EXPECT_EQ(done, ranks.rank() < options.tasks ? options.tasks : 0);
      ExpectSameBits(shared.scores, alone.scores);
      ExpectSameBits(shared.deterministic_scores, alone.deterministic_scores);
      ExpectSameBits(shared.successes, alone.successes);
      ExpectSameBits(shared.samples, alone.samples);
    });
  }
}

}  // namespace
}  // namespace anole
