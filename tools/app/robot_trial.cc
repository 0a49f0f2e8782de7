#include "tools/app/robot_trial.h"

#include <chrono>
#include <cstddef>
#include <limits>

#include "agents/control/rollout.h"
#include "configs/user_error.h"
#include "envs/mujoco_error.h"

namespace anole::app {
namespace {

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
  const Matrix tasks = SampleTasks(family, seed, Phase::kTrain, {.count = episodes});
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Trial trial;
  trial.reward_terms = Vector::Zero(static_cast<Eigen::Index>(spec.reward_terms.size()));
  trial.lowest = Vector::Constant(spec.observation_dim, kInfinity);
  trial.highest = -trial.lowest;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < episodes; ++i) {
    Rollout(tasks.col(i), policy, Exploration::kStochastic, {.seed = seed, .rollout = i}, worker,
            episode);
    ++trial.ends.at(static_cast<std::size_t>(episode.end));
    trial.steps += episode.length;
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

}  // namespace

Trial TryRobot(const TaskFamily& family, int episodes, std::uint64_t seed,
               const std::string& file) try {
  return Try(family, episodes, seed);
} catch (const MujocoError& error) {
  throw UserError(file + ": " + error.what());
}

}  // namespace anole::app
