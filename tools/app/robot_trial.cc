#include "tools/app/robot_trial.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <memory>

#include "agents/control/rollout.h"
#include "configs/user_error.h"
#include "envs/mujoco_error.h"
#include "envs/stage.h"
#include "tools/run/experiment.h"

namespace anole::app {
namespace {

// Whose tasks have all that training ends with, whatever it begins with.
constexpr Phase kPhase = Phase::kValidation;

Trial Try(const TaskFamily& family, int episodes, std::uint64_t seed) {
  const FamilySpec& spec = family.spec();
  // Of no hidden layer and no weights: actions are N(0, .6^2), whatever is observed.
  const PolicyShape shape{.network = MlpShape(spec.observation_dim, {}, spec.action_dim)};
  const Vector zeros = Vector::Zero(shape.size());
  const ControlPolicy<float> policy(
      shape, zeros, Vector::Constant(spec.action_dim, -0.5),
      {Vector::Zero(spec.observation_dim), Vector::Ones(spec.observation_dim)});
  Worker worker(family, policy);
  Episode episode(spec);
  const Matrix tasks = SampleTasks(family, seed, kPhase, {.count = episodes});
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Trial trial;
  trial.reward_terms = Vector::Zero(static_cast<Eigen::Index>(spec.reward_terms.size()));
  trial.lowest = Vector::Constant(spec.observation_dim, kInfinity);
  trial.highest = -trial.lowest;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < episodes; ++i) {
    Rollout(tasks.col(i), policy, Exploration::kStochastic,
            {.seed = seed, .phase = kPhase, .rollout = i}, worker, episode);
    ++trial.ends.at(static_cast<std::size_t>(episode.end));
    trial.steps += episode.length;
    trial.successes += episode.success ? 1 : 0;
    trial.sum_of_returns += episode.undiscounted_return;
    if (episode.length == 0) continue;
    trial.reward_terms += episode.reward_terms.leftCols(episode.length).rowwise().sum();
    const auto seen = episode.observations.leftCols(episode.length);
    trial.lowest = trial.lowest.cwiseMin(seen.rowwise().minCoeff());
    trial.highest = trial.highest.cwiseMax(seen.rowwise().maxCoeff());
  }
  trial.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return trial;
}

// MuJoCo asks for it.
mjtNum Milliseconds() {
  return std::chrono::duration<double, std::milli>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

class Clocked {
 public:
  Clocked() { mjcb_time = Milliseconds; }
  ~Clocked() { mjcb_time = nullptr; }
  Clocked(const Clocked&) = delete;
  Clocked& operator=(const Clocked&) = delete;
};

double Spent(const mjData& data, std::initializer_list<mjtTimer> timers) {
  double sum = 0;
  for (const mjtTimer timer : timers) sum += data.timer[timer].duration;
  return sum;
}

// Counts, in `strain`, what is at its end now.
void CountEnds(const mjModel& model, const mjData& data, Strain& strain) {
  constexpr double kAtEnd = 1e-6;
  for (int i = 0; i < model.nactuator; ++i) {
    if (model.actuator_forcelimited[i] == 0) continue;
    const mjtNum* const range = model.actuator_forcerange + std::ptrdiff_t{2} * i;
    const double force = data.actuator_force[model.actuator_outadr[i]];
    const double margin = kAtEnd * (range[1] - range[0]);
    if (force <= range[0] + margin || force >= range[1] - margin) strain.forces[i] += 1;
  }
  for (int i = 0; i < model.njnt; ++i) {
    const bool is_single = model.jnt_type[i] == mjJNT_HINGE || model.jnt_type[i] == mjJNT_SLIDE;
    if (!is_single || model.jnt_limited[i] == 0) continue;
    const mjtNum* const range = model.jnt_range + std::ptrdiff_t{2} * i;
    const double place = data.qpos[model.jnt_qposadr[i]];
    if (place <= range[0] || place >= range[1]) strain.joints[i] += 1;
  }
}

}  // namespace

Strain StrainOf(const TaskFamily& family, int episodes, std::uint64_t seed) {
  const FamilySpec& spec = family.spec();
  Stage stage(family);
  const Matrix tasks = SampleTasks(family, seed, kPhase, {.count = episodes});
  const mjModel& model = family.model();
  Strain strain{.forces = Vector::Zero(static_cast<Eigen::Index>(model.nactuator)),
                .joints = Vector::Zero(static_cast<Eigen::Index>(model.njnt))};
  const Clocked clocked;
  double steps = 0, physics = 0, collision = 0, constraints = 0, all = 0;
  Rng rng = Address{.seed = seed}.Open(Purpose::kAction);
  Vector action(spec.action_dim);
  for (int i = 0; i < episodes; ++i) {
    stage.Reset(tasks.col(i), {.seed = seed, .phase = kPhase, .rollout = i});
    Outcome outcome;
    for (std::int64_t t = 0; t < spec.horizon && !outcome.terminated && !outcome.diverged; ++t) {
      for (double& number : action) number = 0.6 * rng.Normal();
      for (mjTimerStat& timer : stage.data().timer) timer = {};
      const double start = Milliseconds();
      stage.Observe();
      outcome = stage.Step(action);
      all += Milliseconds() - start;
      physics += Spent(stage.data(), {mjTIMER_POSITION, mjTIMER_VELOCITY, mjTIMER_ACTUATION,
                                      mjTIMER_CONSTRAINT, mjTIMER_ADVANCE});
      collision += Spent(stage.data(), {mjTIMER_POS_COLLISION});
      constraints += Spent(stage.data(), {mjTIMER_CONSTRAINT});
      CountEnds(stage.model(), stage.data(), strain);
      ++steps;
    }
  }
  if (steps == 0 || physics <= 0) return strain;
  strain.forces /= steps;
  strain.joints /= steps;
  strain.collision = collision / physics;
  strain.constraints = constraints / physics;
  strain.physics = std::min(physics / all, 1.0);
  return strain;
}

FirstUpdates TryUpdates(const std::string& file) {
  Settings settings;
  settings.Set("task.family", "robot");
  settings.Set("task.file", file);
  const Experiment experiment(settings);
  const std::unique_ptr<ControlLoop> loop = experiment.MakeControlLoop();
  constexpr std::int64_t kUpdates = 3, kRollouts = 10;
  const Matrix task = loop->SampleTasks(1, Phase::kTrain, {.count = 1});
  const Adaptation adaptation =
      loop->Adapt(loop->Initial(1), task, {.seed = 1},
                  {.updates = kUpdates, .rollouts = kRollouts, .score_last = true});
  const auto& facts = loop->spec().facts;
  const auto row = std::ranges::find(facts, "kl", &Column::name) - facts.begin();
  FirstUpdates updates{.step_size = experiment.step_option().value_or(StepOption{}).value,
                       .kl = {}};
  for (Eigen::Index k = 0; k < kUpdates; ++k) updates.kl.push_back(adaptation.facts(row, k));
  return updates;
}

Trial TryRobot(const TaskFamily& family, int episodes, std::uint64_t seed,
               const std::string& file) try {
  return Try(family, episodes, seed);
} catch (const MujocoError& error) {
  throw UserError(file + ": " + error.what());
}

}  // namespace anole::app
