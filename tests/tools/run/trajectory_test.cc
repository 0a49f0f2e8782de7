// What an adaptation was after each of its updates.
#include <gtest/gtest.h>

#include "agents/parallel_for.h"
#include "tools/run/experiment.h"

namespace anole {
namespace {

void ExpectPrefixes(const std::string& options) {
  Experiment experiment(Settings::FromText(options + "\n[meta]\nbatch_size = 2", "test"));
  const auto loop = experiment.MakeLoop();
  const Learnable state = loop->Initial(1);
  const Matrix task = loop->SampleTasks(1, Phase::kTest, {.count = 1});
  const Address address{.seed = 5, .phase = Phase::kTest};
  constexpr std::int64_t kUpdates = 3;
  WithThreads(1, [&] {
    const Plan all{.updates = kUpdates, .rollouts = 3, .trajectory = true};
    const Adaptation whole = loop->Adapt(state, task, address, all);
    ASSERT_EQ(whole.trajectory.cols(), kUpdates + 1);
    EXPECT_EQ(whole.trajectory.col(0), state.theta);
    EXPECT_EQ(whole.trajectory.col(kUpdates), whole.params);
    for (std::int64_t k = 1; k <= kUpdates; ++k) {
      const Adaptation part = loop->Adapt(state, task, address, {.updates = k, .rollouts = 3});
      EXPECT_EQ(part.trajectory.size(), 0) << "nobody asked";
      EXPECT_EQ(whole.trajectory.col(k), part.params) << options << ": after " << k;
      EXPECT_NE(whole.trajectory.col(k), whole.trajectory.col(k - 1));
    }
  });
}

TEST(Trajectory, IsWhatShorterAdaptationsEndWith) {
  const std::string control =
      "task.family = 'point-navigation'\ntask.horizon = 10\npolicy.hidden = [4]\n";
  for (const char* more :
       {"inner.optimizer = 'adam'", "inner.learner = 'trpo'\ninner.learn_step_sizes = false",
        "inner.baseline = 'critic'", "inner.learn_step_sizes = true"}) {
    ExpectPrefixes(control + more);
  }
  ExpectPrefixes("task.family = 'sine'\nmodel.hidden = [4]\ninner.optimizer = 'adam'");
}

}  // namespace
}  // namespace anole
