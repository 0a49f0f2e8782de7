// A step of a family ends in the same bits wherever in memory its numbers lie: an episode keeps the
// terms of its steps in columns, whose alignment differs from step to step, and a replay of it in a
// vector.
#include <gtest/gtest.h>

#include <cstring>

#include "envs/serial_sum.h"
#include "envs/task_model.h"
#include "tests/envs/every_family.h"
#include "tests/envs/robot_of_terms.h"

namespace anole {
namespace {

constexpr Eigen::Index kOffsets = 8;  // [numbers]; of the widest that processors add at once
constexpr int kSteps = 20;

// A vector in memory that is aligned but for `offset` numbers.
class Shifted {
 public:
  Shifted(Eigen::Index size, Eigen::Index offset)
      : memory_(Vector::Zero(size + 2 * kOffsets)), size_(size) {
    while (reinterpret_cast<std::uintptr_t>(memory_.data() + first_) % 64 != 0) ++first_;
    first_ += offset;
  }
  auto get() { return memory_.segment(first_, size_); }

 private:
  Vector memory_;
  Eigen::Index size_, first_ = 0;
};

// All that an episode's steps tell, where each vector is `offset` numbers off.
Vector Told(const TaskFamily& family, Eigen::Index offset) {
  const FamilySpec& spec = family.spec();
  const auto terms = static_cast<Eigen::Index>(spec.reward_terms.size());
  const Address address{.seed = 1};
  Rng reset = address.Open(Purpose::kReset), observe = address.Open(Purpose::kObserve),
      explore = address.Open(Purpose::kAction);
  const Vector drawn = SampleTasks(family, 1, Phase::kTrain, {.count = 1}).col(0);
  Shifted task(drawn.size(), offset), memory(spec.memory_dim, offset),
      observation(spec.observation_dim, offset), action(spec.action_dim, offset),
      reward_terms(terms, offset);
  task.get() = drawn;
  TaskModel model(family);
  const DataPtr data = MakeData(family.model());
  Simulation simulation{
      model.Prepare(task.get(), address, *data), *data, reset, observe, kGrown, memory.get()};
  family.Reset(task.get(), simulation);
  Matrix told(spec.observation_dim + terms + 1, kSteps);
  for (int t = 0; t < kSteps; ++t) {
    family.Observe(task.get(), simulation, observation.get());
    for (double& number : action.get()) number = explore.Normal();
    const Outcome outcome = family.Step(task.get(), action.get(), simulation, reward_terms.get());
    told.col(t) << observation.get(), reward_terms.get(), outcome.reward;
  }
  return told.reshaped();
}

void ExpectSameAtEveryOffset(const TaskFamily& family) {
  const Vector aligned = Told(family, 0);
  for (Eigen::Index offset = 1; offset < kOffsets; ++offset) {
    const Vector shifted = Told(family, offset);
    const auto bytes = static_cast<std::size_t>(aligned.size()) * sizeof(double);
    EXPECT_EQ(std::memcmp(aligned.data(), shifted.data(), bytes), 0)
        << offset << " numbers off, the largest difference is "
        << (aligned - shifted).cwiseAbs().maxCoeff();
  }
}

class Alignment : public testing::TestWithParam<std::string> {};

TEST_P(Alignment, DoesNotShow) { ExpectSameAtEveryOffset(*MakeFamily(GetParam())); }

INSTANTIATE_TEST_SUITE_P(Registry, Alignment, testing::ValuesIn(EveryFamilyName()),
                         [](const auto& test) { return TestName(test.param); });

TEST(AlignmentOfTerms, DoesNotShowForAnyNumberOfThem) {
  for (int terms = 1; terms <= 12; ++terms) {
    SCOPED_TRACE(terms);
    ExpectSameAtEveryOffset(*RobotOfTerms(terms));
  }
}

TEST(AlignmentOfTerms, DoesNotShowWhereContactsCost) {
  ExpectSameAtEveryOffset(*MakeWith("ant-direction", "task.contact_forces = true"));
  ExpectSameAtEveryOffset(*MakeWith("humanoid-direction", "task.contact_forces = true"));
}

TEST(SerialSum, AddsInOrder) {
  EXPECT_EQ(SerialSum(Vector(0)), 0);
  EXPECT_EQ(SerialSum(Vector::Constant(1, -0.25)), -0.25);
  EXPECT_EQ(SerialSum((Vector(5) << 1e16, 1, 1, 1, -1e16).finished()), 0);
  EXPECT_EQ(SerialSum((Vector(5) << 1, 1, 2, 1e16, -1e16).finished()), 4);
}

}  // namespace
}  // namespace anole
