// MAML's gradient of whole adaptations: of supervised loops against finite differences of what it
// is the gradient of, of the control loop on the episodes that it met.
#include <gtest/gtest.h>

#include "agents/control/control_loop.h"
#include "agents/control/policy_gradient.h"
#include "agents/supervised/loss.h"
#include "agents/supervised/supervised_loop.h"
#include "configs/user_error.h"
#include "meta/meta_gradient.h"
#include "meta/outer_optimizer.h"
#include "tests/agents/finite_differences.h"
#include "tests/agents/line_policy.h"

namespace anole {
namespace {

constexpr Plan kFirstOrder = {.updates = 2, .derivative = Derivative::kAtPhi};
constexpr Plan kSecondOrder = {.updates = 2, .derivative = Derivative::kAtTheta};

// Random examples, anew in each batch.
class RandomExamples : public DataFamily {
 public:
  explicit RandomExamples(bool classification) { spec_.classification = classification; }

  const DataSpec& spec() const override { return spec_; }
  Vector Sample(Rng& rng, const TaskPlace& /*place*/) const override {
    return Vector::Constant(1, rng.Normal());
  }
  Batch Draw(VectorIn task, Rng& rng) const override {
    Batch batch{Matrix(2, 6), Matrix::Zero(2, 6)};
    for (double& x : batch.inputs.reshaped()) x = task[0] + rng.Normal();
    for (Eigen::Index i = 0; i < 6; ++i) {
      const double x = rng.Normal();
      if (spec_.classification) {
        batch.targets(x > 0 ? 1 : 0, i) = 1;
      } else {
        batch.targets(0, i) = x;
      }
    }
    return batch;
  }
  Batch Support(VectorIn task) const override { return Query(task); }
  Batch Query(VectorIn task) const override {
    Rng rng = Address{}.Open(Purpose::kLearner);
    return Draw(task, rng);
  }

 private:
  DataSpec spec_{.input_dim = 2, .output_dim = 2, .points = 6, .task_parameters = {{"mean", ""}}};
};

struct Case {
  std::string name;
  std::vector<std::int64_t> hidden;
  bool classification = false;
  int tasks = 1;
};

class SupervisedMaml : public testing::TestWithParam<Case> {
 protected:
  SupervisedLoop Loop(double step_size = 0.2) const {
    return {{.hidden = GetParam().hidden, .step_size = step_size},
            std::make_unique<RandomExamples>(GetParam().classification)};
  }

  // Of task `task` of the mixture, before update k.
  Batch BatchOf(int task, std::int64_t k) const {
    Address address = address_;
    address.task += task;
    address.inner_step = k;
    Rng rng = address.Open(Purpose::kLearner);
    return RandomExamples(GetParam().classification).Draw(tasks_.col(task), rng);
  }

  // Minus the mean loss on the last batch, of which an adaptation's gradient is the gradient.
  double Objective(VectorIn params, std::int64_t updates) const {
    const MlpShape shape(2, GetParam().hidden, 2);
    double sum = 0;
    for (int i = 0; i < GetParam().tasks; ++i) {
      const auto loss = GetParam().classification ? CrossEntropy : SquaredError;
      sum -= loss(shape, params, BatchOf(i, updates), nullptr) / GetParam().tasks;
    }
    return sum;
  }

  Address address_{.seed = 4};
  Matrix tasks_ = Loop().SampleTasks(1, Phase::kTrain, {.count = GetParam().tasks});
  Learnable state_ = Loop().Initial(1);
};

TEST_P(SupervisedMaml, AgreesWithFiniteDifferencesOfTheAdaptation) {
  const SupervisedLoop loop = Loop();
  for (const std::int64_t updates : {1, 2, 3}) {
    Plan plan = kSecondOrder;
    plan.updates = updates;
    const Vector expected = FiniteDifferences(
        [&](VectorIn theta) {
          Learnable state = state_;
          state.theta = theta;
          return Objective(loop.Adapt(state, tasks_, address_, {.updates = updates}).params,
                           updates);
        },
        state_.theta);
    EXPECT_LT(RelativeError(loop.Adapt(state_, tasks_, address_, plan).gradient, expected), 1e-6)
        << updates << " updates";
  }
}

// What the derivative of the updates adds is of the size of their steps.
TEST_P(SupervisedMaml, IsFirstOrderMamlAsStepsVanish) {
  const auto added = [&](double step_size) {
    const SupervisedLoop loop = Loop(step_size);
    return (loop.Adapt(state_, tasks_, address_, kSecondOrder).gradient -
            loop.Adapt(state_, tasks_, address_, kFirstOrder).gradient)
        .norm();
  };
  EXPECT_EQ(added(0), 0);
  EXPECT_GT(added(2e-5), 0);
  EXPECT_NEAR(added(2e-5) / added(1e-5), 2, 0.01);
}

INSTANTIATE_TEST_SUITE_P(Tasks, SupervisedMaml,
                         testing::Values(Case{"Linear", {}}, Case{"Network", {5, 4}},
                                         Case{"LinearClasses", {}, true},
                                         Case{"NetworkClasses", {5}, true},
                                         Case{"Mixture", {5}, false, 3},
                                         Case{"MixtureOfClasses", {5}, true, 3}),
                         [](const auto& test) { return test.param.name; });

// Of a linear model H = 2 / points X X^T for each output, X with a row of ones for the bias.
TEST(Maml, OfOneUpdateByHand) {
  constexpr double kStep = 0.1;
  const SupervisedLoop loop({.step_size = kStep}, std::make_unique<RandomExamples>(false));
  const Learnable state = loop.Initial(1);
  const Address address{.seed = 4};
  const Vector task = Vector::Constant(1, 0.5);
  Plan plan = kFirstOrder;
  plan.updates = 1;
  const Vector v1 = loop.Adapt(state, task, address, plan).gradient;
  plan.derivative = Derivative::kAtTheta;
  const Vector v0 = loop.Adapt(state, task, address, plan).gradient;

  Rng rng = address.Open(Purpose::kLearner);
  Matrix inputs = Matrix::Ones(3, 6);
  inputs.topRows(2) = RandomExamples(false).Draw(task, rng).inputs;
  const Matrix hessian = 2. / 6 * inputs * inputs.transpose();
  // (outputs x inputs and bias), as a layer's parameters lie.
  const Eigen::Map<const Matrix> rows(v1.data(), 2, 3);
  const Matrix expected = rows - kStep * rows * hessian;
  EXPECT_LT(RelativeError(v0, expected.reshaped()), 1e-12);
}

TEST(Maml, IsRefusedWhereUpdatesAreNotDifferentiated) {
  const SupervisedLoop loop({.optimizer = InnerOptimizer::kAdam},
                            std::make_unique<RandomExamples>(false));
  const auto sgd = OuterOptimizers::NewMaker("sgd")->Make({});
  EXPECT_THROW(TrainingPlan(loop, *MetaGradients::NewMaker("maml")->Make(), *sgd), UserError);
  EXPECT_NO_THROW(TrainingPlan(loop, *MetaGradients::NewMaker("fomaml")->Make(), *sgd));
}

// Each rung of the ladder is refused where the loop's limit is below it, with the limit's reason.
TEST(Maml, OuterStepsOfDataAreNotJudged) {
  const SupervisedLoop loop({}, std::make_unique<RandomExamples>(false));
  const auto sgd = OuterOptimizers::NewMaker("sgd")->Make({});
  const auto trpo = OuterOptimizers::NewMaker("trpo")->Make({});
  const auto maml = MetaGradients::NewMaker("maml")->Make();
  EXPECT_EQ(TrainingPlan(loop, *maml, *sgd).derivative, Derivative::kAtTheta);
  const auto promp = MetaGradients::NewMaker("promp")->Make();
  const auto refusal = [&](const MetaGradient& gradient, const OuterOptimizer& optimizer) {
    try {
      TrainingPlan(loop, gradient, optimizer);
      return std::string();
    } catch (const UserError& error) {
      return std::string(error.what());
    }
  };
  const std::string expected =
      "this meta.gradient or meta.optimizer judges outer steps: " + loop.spec().derivatives.reason;
  EXPECT_EQ(refusal(*promp, *sgd), expected);
  EXPECT_EQ(refusal(*maml, *trpo), expected);
}

// What updates were made from.
struct Record {
  ControlPolicy<float> policy;
  std::vector<Samples> samples;
  Vector step_scale;
};

// vpg that keeps a record of its updates.
class RecordingLearner : public InnerLearner {
 public:
  explicit RecordingLearner(std::vector<Record>& records) : records_(records) {}

  UpdateStats Update(const ControlPolicy<float>& policy, std::span<const Samples> samples,
                     const UpdateContext& context, Vector& memory,
                     VectorOut params) const override {
    records_.push_back({policy, {samples.begin(), samples.end()}, context.step_scale});
    return vpg_->Update(policy, samples, context, memory, params);
  }
  std::string first_order_only() const override { return vpg_->first_order_only(); }
  Vector BackPropagate(const ControlPolicy<float>& policy, std::span<const Samples> samples,
                       const UpdateContext& context, const UpdateStats& stats,
                       VectorIn v) const override {
    return vpg_->BackPropagate(policy, samples, context, stats, v);
  }

 private:
  std::vector<Record>& records_;
  std::unique_ptr<InnerLearner> vpg_ = MakeLearner("vpg", "step_size = 0.3\nstep_decay = 0.5");
};

// The adaptation again in double, on the episodes that it met, by finite differences.
TEST(Maml, OfControlIsTheDerivativeOfTheUpdatesOnTheirEpisodes) {
  for (const LogStdMode log_std_mode : {LogStdMode::kFixed, LogStdMode::kLearned}) {
    for (const int tasks : {1, 2}) {
      SCOPED_TRACE(std::string(WordOf(log_std_mode)) + ", " + std::to_string(tasks) + " tasks");
      std::vector<Record> records;
      ControlOptions options{.updates = 2, .rollouts = 4};
      options.policy = {.hidden = {5}, .log_std_mode = log_std_mode};
      const ControlLoop loop(options, TaskFamilies::NewMaker("point-navigation")->Make(),
                             std::make_unique<RecordingLearner>(records));
      Learnable state = loop.Initial(1);
      std::int64_t offset = 0;
      for (const Block& block : loop.spec().layout.context) {
        if (block.name == "inner/step_multipliers") {
          state.context.segment(offset, block.size()) << 0.5, 1.5, 2, 0.7;
        }
        offset += block.size();
      }
      const Matrix columns = loop.SampleTasks(1, Phase::kTrain, {.count = tasks});
      Plan plan = kFirstOrder;
      plan.rollouts = options.rollouts;
      const Vector last = loop.Adapt(state, columns, {.seed = 1}, plan).gradient;
      ASSERT_EQ(records.size(), 2);
      plan.derivative = Derivative::kAtTheta;
      const Vector gradient = loop.Adapt(state, columns, {.seed = 1}, plan).gradient;

      const PolicyShape shape{MlpShape(2, {5}, 2), log_std_mode == LogStdMode::kLearned};
      ASSERT_EQ(shape.size(), state.theta.size());
      const Vector mean = Vector::Zero(2), deviation = Vector::Ones(2);
      const Vector expected = FiniteDifferences(
          [&](VectorIn theta) {
            Vector params = theta;
            for (std::size_t k = 0; k < 2; ++k) {
              const Vector log_std =
                  shape.learns_log_std ? Vector(params.tail(2)) : records[k].policy.log_std();
              const ControlPolicy<double> policy(shape, params, log_std, {mean, deviation});
              params +=
                  0.3 * std::pow(0.5, k) *
                  PolicyGradient(policy, records[k].samples).cwiseProduct(records[k].step_scale);
            }
            return params.dot(last);
          },
          state.theta);
      EXPECT_LT(RelativeError(gradient - last, expected - last), 1e-4);
      EXPECT_GT((gradient - last).norm(), 0.01 * last.norm()) << "the updates hardly curve";
    }
  }
}

}  // namespace
}  // namespace anole
