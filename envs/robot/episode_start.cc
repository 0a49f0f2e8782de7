#include "envs/robot/episode_start.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "configs/user_error.h"
#include "envs/mujoco.h"
#include "envs/robot/free_body.h"
#include "envs/robot/robot_start.h"

namespace anole {
namespace {

constexpr int kMostDrops = 10;

bool StartsFree(const mjModel& model) { return model.njnt > 0 && model.jnt_type[0] == mjJNT_FREE; }

// A free body that is the model's first one starts elsewhere on the ground, and turned.
void MoveBase(const RobotOptions& options, const mjModel& model, Rng& rng, mjData& data) {
  const double place = options.place_noise, turn = options.turn_noise;
  if (!StartsFree(model)) return;
  mjtNum* const pose = data.qpos + model.jnt_qposadr[0];
  if (place > 0) {
    pose[0] += rng.Uniform(-place, place);
    pose[1] += rng.Uniform(-place, place);
  }
  if (turn == 0) return;
  const double angle = rng.Uniform(-turn, turn);
  TurnAboutZ(angle, pose + 3);
  // With its velocity over the ground; that of its rotation is in its own axes.
  mjtNum* const moves = data.qvel + model.jnt_dofadr[0];
  const Eigen::Vector2d turned = Eigen::Rotation2Dd(angle) * Eigen::Vector2d(moves[0], moves[1]);
  std::ranges::copy(turned, moves);
}

// Where everything is.
void SetPlaces(const RobotTask& task, const EpisodeOf& episode, const mjModel& model, Rng& rng,
               mjData& data) {
  const RobotStart& start = task.robot.DrawStart(rng);
  start.Begin(model, data);
  Eigen::Index row = 0;
  for (const auto& motion : task.robot.motions) {
    if (motion->options().start) motion->Start(episode.motions.segment(row, Motion::kKept), data);
    row += Motion::kKept;
  }
  for (int joint = 0; joint < model.njnt; ++joint) {
    if (model.jnt_type[joint] != mjJNT_HINGE && model.jnt_type[joint] != mjJNT_SLIDE) continue;
    const int i = model.jnt_qposadr[joint];
    const double uniform = start.noise.uniform[i], normal = start.noise.normal[i];
    data.qpos[i] += rng.Uniform(-uniform, uniform);
    if (normal == 0) continue;
    data.qpos[i] += normal * rng.Normal();
    if (model.jnt_limited[joint] == 0) continue;
    const mjtNum* const limits = model.jnt_range + std::ptrdiff_t{2} * joint;
    data.qpos[i] = std::clamp(data.qpos[i], limits[0], limits[1]);
  }
  for (const PositionCommand& servo : task.holding) HoldJoint(servo, data);
  MoveBase(task.options, model, rng, data);
  task.placements.Put(episode.places, episode.iteration, rng, model, data);
  if (task.height_kept) task.height_kept->Keep(model, data);
}

// Whether physics holds.
bool DropAndSettle(const RobotTask& task, const mjModel& model, Rng& rng, mjData& data) {
  std::int64_t steps = 0;
  for (const Drop& drop : task.drops) {
    if (drop.Apply(model, rng, data)) steps = std::max(steps, drop.settle_steps());
  }
  SettleByControls(task, steps, model, data);
  data.time = 0;
  return IsHealthy(model, data);
}

void AddVelocities(const RobotOptions& options, const mjModel& model, Rng& rng, mjData& data) {
  const double all = options.velocity_noise, base = options.base_velocity_noise;
  for (int i = 0; i < model.nv; ++i) data.qvel[i] += rng.Uniform(-all, all);
  if (base == 0 || !StartsFree(model)) return;
  for (int i = 0; i < 6; ++i) data.qvel[i] += rng.Uniform(-base, base);
}

}  // namespace

std::vector<PositionCommand> FindHolding(const Robot& robot) {
  CheckNoDelays("hold_start", *robot.model);
  std::vector<PositionCommand> servos = ServosOf(robot, robot.FindJoints("hold_start", "*"));
  if (servos.empty()) throw OptionError("hold_start", "no actuator is a servo that holds a joint");
  return servos;
}

void BeginEpisode(const RobotTask& task, const EpisodeOf& episode, const mjModel& model, Rng& rng,
                  mjData& data) {
  SetPlaces(task, episode, model, rng, data);
  int drops = task.drops.empty() ? kMostDrops : 0;
  while (drops < kMostDrops && !DropAndSettle(task, model, rng, data)) {
    mj_resetData(&model, &data);
    SetPlaces(task, episode, model, rng, data);
    ++drops;
  }
  AddVelocities(task.options, model, rng, data);
  mj_forward(&model, &data);
}

void SettleByControls(const RobotTask& task, std::int64_t steps, const mjModel& model,
                      mjData& data) {
  for (std::int64_t i = 0; i < steps * task.physics_steps; ++i) {
    for (const RobotAction& action : task.actions) action.made->Hold(model, data);
    mj_step(&model, &data);
  }
}

}  // namespace anole
