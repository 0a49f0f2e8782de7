// Updates do not depend on the number of threads.
#include <gtest/gtest.h>

#include "agents/parallel_for.h"
#include "tests/agents/line_policy.h"
#include "tests/agents/random_samples.h"

namespace anole {
namespace {

TEST(InnerLearnersThreads, UpdateToTheSameBits) {
  const PolicyShape shape{MlpShape(4, {16}, 2), /*learns_log_std=*/true};
  Rng rng = Address{.seed = 8}.Open(Purpose::kAction);
  Vector params = Vector::Constant(shape.size(), -0.5);
  params.head(shape.network.size()) = shape.network.InitialParams(rng, 1);
  const ControlPolicy<float> policy(shape, params, shape.LearnedLogStd(params),
                                    {Vector::Zero(4), Vector::Ones(4)});
  std::vector<Samples> tasks;
  for (const Eigen::Index steps : {50, 0, 301, 7, 280}) {
    tasks.push_back(RandomSamples(policy, 4, steps, rng));
  }
  const Vector ones = Vector::Ones(shape.size());
  const Address address;
  for (const std::string& name : UpdatingLearners()) {
    const auto learner = MakeLearner(name, "");
    const auto update = [&](int threads) {
      Vector moved = params, memory;
      WithThreads(threads, [&] {
        learner->Update(policy, tasks, {.address = address, .step_scale = ones}, memory, moved);
      });
      return moved;
    };
    const Vector serial = update(1);
    EXPECT_NE(serial, params) << name;
    for (int repetition = 0; repetition < 5; ++repetition) EXPECT_EQ(update(3), serial) << name;
  }
}

}  // namespace
}  // namespace anole
