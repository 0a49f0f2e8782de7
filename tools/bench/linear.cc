// linear/WHAT: by how much a unit may get dearer when there are twice as many: the worst of all
// doublings. 1 is cost that grows in proportion. One thread, CPU time; a size counts as fast as it
// was in its best turn, because noise only ever adds.
//   tasks, rollouts   a task, or an episode of a task, of training iterations with 1, 2, 4 .. 64
//   parameters        a parameter of networks with two hidden layers of 32, 64 .. 512: acting and
//                     the gradient, which are all of an iteration that depends on the network
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "agents/parallel_for.h"
#include "tools/bench/benchmark.h"
#include "tools/bench/clock.h"
#include "tools/run/experiment.h"

namespace anole::bench {
namespace {

constexpr double kGoal = 1.1;

// costs: of a unit, of sizes of which each is twice the one before.
double WorstDoubling(const std::vector<double>& costs) {
  double worst = 0;
  for (std::size_t i = 1; i < costs.size(); ++i) worst = std::max(worst, costs[i] / costs[i - 1]);
  return worst;
}

class LinearInBatch : public Benchmark {
 public:
  // option: what is so many, and all else is one.
  explicit LinearInBatch(const std::string& option) {
    for (int size = 1; size <= kLargest; size *= 2) runs_.emplace_back(option, size);
  }

  std::vector<double> Measure(int repetition) override {
    std::vector<double> costs(runs_.size(), std::numeric_limits<double>::infinity());
    WithThreads(1, [&] {
      for (int turn = 0; turn < kTurns; ++turn) {
        for (std::size_t i = 0; i < runs_.size(); ++i) {
          const double cost = Timed(ThreadSeconds, [&] {
            for (int units = 0; units < kLargest; units += runs_[i].size) {
              // Always from the same parameters, because another policy moves otherwise and so may
              // be dearer to simulate.
              MetaState state = runs_[i].state;
              state.iteration = (repetition * kTurns + turn) * kLargest + units;
              runs_[i].trainer->Step(state);
            }
          });
          costs[i] = std::min(costs[i], cost);
        }
      }
    });
    return {WorstDoubling(costs)};
  }

 private:
  static constexpr int kLargest = 64, kTurns = 3;

  struct Run {
    Run(const std::string& option, int units)
        : size(units),
          experiment(Settings::FromText(
              fmt::format("task.family = 'cheetah-velocity'\n"
                          "task.horizon = 50\n"
                          "inner.updates = 1\n"
                          "meta.batch_size = {}\n"
                          "inner.rollouts = {}\n",
                          option == "tasks" ? units : 1, option == "rollouts" ? units : 1),
              "bench")),
          loop(experiment.MakeLoop()),
          gradient(experiment.MakeGradient()),
          optimizer(experiment.MakeOptimizer()),
          trainer(std::make_unique<Trainer>(experiment.trainer, 1, *loop, *gradient, *optimizer)),
          state(loop->Initial(1)) {}

    int size;
    Experiment experiment;
    std::unique_ptr<InnerLoop> loop;
    std::unique_ptr<MetaGradient> gradient;
    std::unique_ptr<OuterOptimizer> optimizer;
    std::unique_ptr<Trainer> trainer;
    MetaState state;
  };

  std::vector<Run> runs_;
};

class LinearInParameters : public Benchmark {
 public:
  LinearInParameters() {
    for (std::int64_t hidden = 32; hidden <= 512; hidden *= 2) {
      const PolicyShape shape{MlpShape(kObservations, {hidden, hidden}, kActions)};
      parameters_.push_back(shape.size());
      policies_.emplace_back(
          shape, Vector::Zero(shape.size()), Vector::Constant(kActions, -0.5),
          ObservationScale{Vector::Zero(kObservations), Vector::Ones(kObservations)});
    }
  }

  std::vector<double> Measure(int /*repetition*/) override {
    std::vector<double> costs(policies_.size(), std::numeric_limits<double>::infinity());
    for (int turn = 0; turn < kTurns; ++turn) {
      for (std::size_t i = 0; i < policies_.size(); ++i) {
        costs[i] = std::min(costs[i], CostOfParameter(i));
      }
    }
    return {WorstDoubling(costs)};
  }

 private:
  static constexpr int kTurns = 5;
  static constexpr Eigen::Index kObservations = 17, kActions = 6, kSteps = 256;

  double CostOfParameter(std::size_t i) const {
    auto pass = policies_[i].MakeMemory();
    Vector mean(kActions);
    // As many calls as have the largest network's number of parameters.
    const std::int64_t calls = parameters_.back() / parameters_[i];
    const double seconds = Timed(ThreadSeconds, [&] {
      for (std::int64_t call = 0; call < calls; ++call) {
        for (Eigen::Index t = 0; t < kSteps; ++t) {
          policies_[i].Mean(observations_.col(t), pass, mean);
        }
        policies_[i].WeightedGradient(observations_, actions_, weights_);
      }
    });
    return seconds / static_cast<double>(calls * parameters_[i]);
  }

  std::vector<std::int64_t> parameters_;
  std::vector<ControlPolicy<float>> policies_;
  Matrix observations_ = Matrix::Random(kObservations, kSteps);
  Matrix actions_ = Matrix::Random(kActions, kSteps);
  Vector weights_ = Vector::Random(kSteps);
};

std::vector<BenchmarkEntry> LinearEntries() {
  const auto figure = [](const std::string& what) {
    return std::vector<Figure>{{.name = "linear/" + what, .goal = kGoal, .better = Better::kLower}};
  };
  std::vector<BenchmarkEntry> entries = {{.figures = figure("parameters"), .make = [] {
                                            return std::make_unique<LinearInParameters>();
                                          }}};
  for (const char* option : {"tasks", "rollouts"}) {
    entries.push_back({.figures = figure(option),
                       .make = [=] { return std::make_unique<LinearInBatch>(option); }});
  }
  return entries;
}

const RegisterBenchmarks registration(&LinearEntries);

}  // namespace
}  // namespace anole::bench
