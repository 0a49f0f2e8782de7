// anole bench: measurements of this machine, and the signature of this build.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <vector>

#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "tools/command.h"
#include "tools/experiment.h"

namespace anole {
namespace {

// A small run that goes through all of training: contacts, several updates, every learned part of
// the context, schedules, the adaptive outer optimiser. Its parameters change with any change of
// results, and with nothing else.
constexpr const char* kSignatureRun = R"(
[task]
family = "cheetah-velocity"
range = [-2, 2]
horizon = 50
[policy]
hidden = [16, 16]
log_std_mode = "scheduled"
log_std_final = -1.2
[inner]
updates = 3
rollouts = 3
advantage_scale = "shared"
step_noise_exponent = 1
[meta]
iterations = 4
batch_size = 3
optimizer = "adam"
step_size = 0.01
anneal_iterations = 4
)";

std::string BuildSignature() {
  const Experiment experiment(Settings::FromText(kSignatureRun, "signature"));
  const auto loop = experiment.MakeLoop();
  const auto gradient = experiment.MakeGradient();
  const auto optimizer = experiment.MakeOptimizer();
  const Trainer trainer(experiment.trainer, 1, *loop, *gradient, *optimizer);
  MetaState state = loop->Initial(1);
  while (state.iteration < experiment.trainer.iterations) trainer.Step(state);
  return Signature(state);
}

struct Range {
  double min = 0, median = 0, max = 0;
};

Range RangeOf(std::vector<double> values) {
  std::ranges::sort(values);
  return {values.front(), values[values.size() / 2], values.back()};
}

double ThreadSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// The physics of an episode alone: its actions, replayed by bare mj_step from the same state.
double ReplaySeconds(const TaskFamily& family, VectorIn task, const Address& address,
                     const Episode& episode, Worker& worker) {
  Rng reset = address.Open(Purpose::kReset);
  Rng unused = address.Open(Purpose::kStep);
  Vector memory = Vector::Zero(family.spec().memory_dim);
  mjData& data = *worker.data;
  const mjModel& model = worker.model.Prepare(task, address, data);
  Simulation simulation{model, data, reset, unused, unused, memory};
  family.Reset(task, simulation);
  const auto substeps =
      static_cast<int>(std::lround(family.spec().control_dt / model.opt.timestep));
  const double start = ThreadSeconds();
  for (std::int64_t t = 0; t < episode.length; ++t) {
    Eigen::Map<Vector>(data.ctrl, model.nu) = episode.actions.col(t).cwiseMax(-1).cwiseMin(1);
    for (int i = 0; i < substeps; ++i) mj_step(&model, &data);
  }
  return ThreadSeconds() - start;
}

// Sampling with the policy in the loop beside the replay of the very same actions, episode by
// episode, on one thread and in thread CPU time, so that the machine's load cancels.
void BenchSampling() {
  constexpr int kRepetitions = 9, kEpisodes = 20;
  const Experiment experiment(Settings::FromText("[task]\nfamily = 'cheetah-velocity'", "bench"));
  const auto loop = experiment.MakeControlLoop();
  const TaskFamily& family = loop->family();
  const MetaState state = loop->Initial(1);
  const GaussianPolicy<float> policy = loop->Policy(state.theta, state.context);
  const Matrix tasks = loop->SampleTasks(1, Phase::kTrain, {.count = 1});
  Worker worker(family, policy);
  Worker replayer(family, policy);
  Episode episode(family.spec());
  std::vector<double> ratios, rollout_us, replay_us;
  for (int repetition = 0; repetition < kRepetitions; ++repetition) {
    double rollout = 0, replay = 0, steps = 0;
    for (int i = 0; i < kEpisodes; ++i) {
      const Address address{.iteration = repetition, .rollout = i};
      const double start = ThreadSeconds();
      Rollout(family, tasks.col(0), policy, Exploration::kStochastic, address, worker, episode);
      rollout += ThreadSeconds() - start;
      replay += ReplaySeconds(family, tasks.col(0), address, episode, replayer);
      steps += static_cast<double>(episode.length);
      if (std::memcmp(replayer.data->qpos, worker.data->qpos,
                      sizeof(mjtNum) * static_cast<std::size_t>(family.model().nq)) != 0) {
        throw std::logic_error("bench: the replay ended in another state than the episode");
      }
    }
    ratios.push_back(replay / rollout);
    rollout_us.push_back(1e6 * rollout / steps);
    replay_us.push_back(1e6 * replay / steps);
  }
  const auto print = [](const char* name, const Range& range) {
    fmt::print("{:<52} {:8.3f} {:8.3f} {:8.3f}\n", name, range.min, range.median, range.max);
  };
  fmt::print("{:<52} {:>8} {:>8} {:>8}\n", "half-cheetah, 64x64 policy, one thread", "min",
             "median", "max");
  print("rollout [us of CPU per control step]", RangeOf(rollout_us));
  print("replay of the same actions by mj_step [us]", RangeOf(replay_us));
  print("replay / rollout (1: all time is physics)", RangeOf(ratios));
}

int RunBench(const CommandLine& line) {
  WithThreads(Threads(line), [&] {
    if (line.Has("signature")) {
      fmt::print("{}\n", BuildSignature());
    } else {
      BenchSampling();
    }
  });
  return 0;
}

}  // namespace

const Command kBenchCommand = {
    .name = "bench",
    .usage = "anole bench [--signature]",
    .summary =
        "Measures sampling on this machine. Control steps with the policy in the loop stand "
        "beside bare mj_step on the same actions, in one run.",
    .flags = {{"signature", "",
               "instead, train a small fixed run and print the signature of its parameters: it "
               "changes with any change of training results"},
              kThreadsFlag},
    .run = RunBench};

}  // namespace anole
