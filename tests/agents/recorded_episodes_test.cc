// Learning from episodes that were recorded elsewhere.
#include <gtest/gtest.h>

#include <limits>

#include "agents/control/control_loop.h"
#include "tools/run/experiment.h"

namespace anole {
namespace {

constexpr std::int64_t kRecordedUpdates = 3, kRecordedRollouts = 4;

// What an adaptation in simulation learns from.
struct Simulated {
  std::unique_ptr<ControlLoop> loop;
  Learnable state;
  Address address{.seed = 7, .phase = Phase::kTest};
  Adaptation adaptation;
  std::vector<std::vector<Episode>> batches;

  explicit Simulated(const std::string& options) {
    loop = Experiment(Settings::FromText("task.family = 'point-navigation'\ntask.horizon = 10\n"
                                         "policy.hidden = [4]\n" +
                                             options,
                                         "test"))
               .MakeControlLoop();
    state = loop->Initial(1);
    const Matrix task = loop->SampleTasks(1, Phase::kTest, {.count = 1});
    adaptation = loop->Adapt(
        state, task, address,
        {.updates = kRecordedUpdates, .rollouts = kRecordedRollouts, .trajectory = true});
    for (std::int64_t k = 0; k < kRecordedUpdates; ++k) {
      Address batch_address = address;
      batch_address.inner_step = k;
      auto& batch = batches.emplace_back(kRecordedRollouts, Episode(loop->family().spec()));
      loop->Sample(loop->Policy(adaptation.trajectory.col(k), state.context), task,
                   Exploration::kStochastic, batch_address, 0, batch);
    }
  }
};

class RecordedEpisodes : public testing::TestWithParam<const char*> {};

TEST_P(RecordedEpisodes, TeachWhatTheyTaughtInSimulation) {
  const Simulated simulated(GetParam());
  const Adaptation recorded =
      simulated.loop->AdaptTo(simulated.state, simulated.batches, simulated.address);
  EXPECT_EQ(recorded.trajectory, simulated.adaptation.trajectory);
  EXPECT_EQ(recorded.params, simulated.adaptation.params);
  EXPECT_EQ(recorded.samples, simulated.adaptation.samples);
  EXPECT_EQ(recorded.context_stats, simulated.adaptation.context_stats);
}

// Where the log-probabilities are not told, they are those of the policy that drew.
TEST_P(RecordedEpisodes, NeedNoLogProbabilities) {
  Simulated simulated(GetParam());
  for (auto& batch : simulated.batches) {
    for (Episode& episode : batch) {
      episode.log_probs.setConstant(std::numeric_limits<double>::quiet_NaN());
    }
  }
  const Adaptation recorded =
      simulated.loop->AdaptTo(simulated.state, simulated.batches, simulated.address);
  EXPECT_TRUE(recorded.params.isApprox(simulated.adaptation.params, 1e-5));
}

INSTANTIATE_TEST_SUITE_P(Learners, RecordedEpisodes,
                         testing::Values("", "inner.learner = 'ppo'", "inner.optimizer = 'adam'",
                                         "inner.learner = 'trpo'\ninner.learn_step_sizes = false",
                                         "inner.baseline = 'critic'",
                                         "inner.advantage_scale = 'shared'"));

TEST(RecordedEpisodesTest, BatchesMayDifferInSizeAndLength) {
  Simulated simulated("");
  simulated.batches[1].erase(simulated.batches[1].begin() + 2, simulated.batches[1].end());
  simulated.batches[1][0].length = 3;
  simulated.batches[2][1].end = End::kDiverged;  // nothing is learned from it
  const Adaptation recorded =
      simulated.loop->AdaptTo(simulated.state, simulated.batches, simulated.address);
  EXPECT_EQ(recorded.trajectory.col(1), simulated.adaptation.trajectory.col(1));
  EXPECT_NE(recorded.trajectory.col(2), simulated.adaptation.trajectory.col(2));
  EXPECT_EQ(recorded.samples, 40 + 13 + 40);
}

TEST(RecordedEpisodesTest, NoBatchIsNoUpdate) {
  const Simulated simulated("");
  EXPECT_EQ(simulated.loop->AdaptTo(simulated.state, {}, simulated.address).params,
            simulated.state.theta);
}

}  // namespace
}  // namespace anole
