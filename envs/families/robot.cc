// robot: a model of the user's own, by a task file (envs/robot/task_file.h).
// Task: the commands, then what [[randomize]] varies per task. The first command is stratified;
// all else is independent. Observation, reward and endings: the file's terms, in its order.
// Reset: the keyframe, hinges and slides + U(-position_noise, position_noise), velocities +
// U(-velocity_noise, velocity_noise), a free base moved and turned; controls that no action
// commands stay the keyframe's.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "configs/user_error.h"
#include "envs/model_rewrite.h"
#include "envs/robot/robot_model.h"
#include "envs/robot/task_file.h"
#include "envs/robot/task_warnings.h"
#include "envs/serial_sum.h"
#include "envs/task_checksum.h"
#include "envs/task_family.h"

namespace anole {
namespace {

constexpr int kTaskExamples = 3;

// What some episodes change, to try a rewritten model on.
std::vector<ModelChange> Examples(const RobotTask& task) {
  std::vector<ModelChange> changes;
  for (int i = 0; !task.randomizations.empty() && i < kTaskExamples; ++i) {
    changes.emplace_back([&task, i](mjModel& model) {
      Rng rng = Address{.rollout = i}.Open(Purpose::kModel);
      for (const Randomization& change : task.randomizations) change.ApplyDrawn(rng, model);
    });
  }
  return changes;
}

// What the robot is simulated by.
ChosenModel ModelOf(const RobotTask& task, ModelRewrite rewrite) {
  const Robot& robot = task.robot;
  ChosenModel chosen;
  switch (rewrite) {
    case ModelRewrite::kAuto:
      chosen = FasterModelOf(*robot.spec, *robot.model, Examples(task));
      break;
    case ModelRewrite::kOff:
      chosen = {CopyModel(*robot.model), ToldOfNoRewrite()};
      break;
  }
  ForgetAssets();
  return chosen;
}

class RobotFamily : public TaskFamily {
 public:
  struct Options {
    std::string file;
    std::string checksum;
    ModelRewrite model_rewrite = ModelRewrite::kAuto;
    std::shared_ptr<const RobotTask> task;  // shared by all families of these options

    static void Describe(VisitOf<Options> visit);
  };

  explicit RobotFamily(const Options& options);

  const FamilySpec& spec() const override { return spec_; }
  const mjModel& model() const override { return *model_; }
  ModelPtr PicturedModel() const override;
  bool varies_model() const override { return !task_->randomizations.empty(); }
  void Configure(VectorIn task, Rng& rng, mjModel& model) const override;
  Vector Sample(Rng& rng, const TaskPlace& place) const override;
  void Reset(VectorIn task, Simulation& simulation) const override;
  void Observe(VectorIn task, Simulation& simulation, VectorOut observation) const override;
  Outcome Step(VectorIn task, VectorIn action, Simulation& simulation,
               VectorOut reward_terms) const override;

 private:
  RobotState StateOf(VectorIn task, const Simulation& simulation) const {
    const std::int64_t n = spec_.action_dim;
    return {simulation.model,
            simulation.data,
            task,
            simulation.memory.head(n),
            simulation.memory.segment(n, n),
            simulation.memory.segment(2 * n, n)};
  }
  void MoveBase(const mjModel& model, Rng& rng, mjData& data) const;
  void Advance(Simulation& simulation) const;

  std::shared_ptr<const RobotTask> task_;
  ModelPtr model_;  // as simulated
  FamilySpec spec_;
};

void RobotFamily::Options::Describe(VisitOf<Options> visit) {
  visit("task.file", &Options::file,
        {.help = "task file of a robot; `anole check FILE` tells what it describes",
         .path = true,
         .kept = visit->task == nullptr ? nullptr : &visit->task->files,
         .min_size = 1});
  DescribeModelRewrite(visit, &Options::model_rewrite);
  Options* const read = visit.reading();
  if (read != nullptr && !read->file.empty()) read->task = ReadRobotTask(read->file);
  TaskFiles files{.told = visit->file + ", or its model,"};
  if (visit->task != nullptr) {
    files.checksum = visit->task->checksum;
    files.former_checksum = visit->task->former_checksum;
  }
  DescribeChecksum(visit, &Options::checksum, files);
}

RobotFamily::RobotFamily(const Options& options) : task_(options.task) {
  if (task_ == nullptr) throw UserError("task.file must be set (a path)");
  const Robot& robot = task_->robot;
  ChosenModel chosen = ModelOf(*task_, options.model_rewrite);
  model_ = std::move(chosen.model);
  spec_.simulated = Together(chosen.told, robot.left_out);
  spec_.action_dim = task_->action_dim();
  // Three actions, the last one first, and whether there was success in the episode.
  spec_.memory_dim = 3 * spec_.action_dim + 1;
  for (const RobotObservation& observation : task_->observations) {
    const std::string told = observation.told.empty() ? "" : " (" + observation.told + ")";
    ObservationPart part{.name = observation.term + told,
                         .unit = observation.made->unit(),
                         .size = observation.made->size(),
                         .scale = observation.scale};
    if (observation.clip > 0) part.clip = observation.clip;
    spec_.observation_dim += part.size;
    spec_.observations.push_back(std::move(part));
  }
  for (const ActionGroup& group : task_->actions) {
    for (const ActionGroup::Part& part : group.parts()) {
      spec_.actions.push_back(group.Interface(part, *model_));
    }
  }
  spec_.horizon = task_->options.horizon;
  spec_.control_dt = static_cast<double>(task_->physics_steps) * model_->opt.timestep;
  spec_.diverged_reward = task_->options.diverged_reward;
  for (const RobotCommand& command : task_->robot.commands) {
    spec_.task_parameters.push_back({command.name, command.unit});
    spec_.task_ranges.push_back(command.range.ranges());
  }
  for (const Randomization& randomization : task_->randomizations) {
    if (!randomization.per_task()) continue;
    for (NamedUnit& parameter : randomization.parameters()) {
      spec_.task_parameters.push_back(std::move(parameter));
      spec_.task_ranges.push_back(randomization.options().range.ranges());
    }
  }
  spec_.display = task_->display;
  spec_.warnings = WarningsOf(*task_);
  spec_.has_success = !task_->successes.empty();
  for (const RobotReward& reward : task_->rewards) {
    spec_.reward_terms.push_back({reward.name, reward.weight == 1 ? reward.made->unit() : ""});
  }
}

ModelPtr RobotFamily::PicturedModel() const {
  const RobotOptions& robot = task_->options;
  ModelPtr model = LoadRobotModel(robot.model, robot.physics_dt);
  ForgetAssets();
  if (model->nq == model_->nq && model->nbody == model_->nbody && model->nsite == model_->nsite) {
    return model;
  }
  throw UserError(robot.model + ": has changed since it was read");
}

Vector RobotFamily::Sample(Rng& rng, const TaskPlace& place) const {
  Vector task(static_cast<Eigen::Index>(spec_.task_parameters.size()));
  Eigen::Index row = 0;
  for (const RobotCommand& command : task_->robot.commands) {
    const auto [low, high] = command.range.Of(place.phase);
    task[row] = row == 0 ? StratifiedUniform(rng, low, high, place) : rng.Uniform(low, high);
    ++row;
  }
  for (const Randomization& randomization : task_->randomizations) {
    if (!randomization.per_task()) continue;
    for (Eigen::Index i = 0; i < randomization.count(); ++i) {
      task[row++] = randomization.Draw(rng, place.phase);
    }
  }
  return task;
}

void RobotFamily::Configure(VectorIn task, Rng& rng, mjModel& model) const {
  auto row = static_cast<Eigen::Index>(task_->robot.commands.size());
  for (const Randomization& randomization : task_->randomizations) {
    const Eigen::Index count = randomization.count();
    if (randomization.per_task()) {
      randomization.Apply(task.segment(row, count), model);
      row += count;
    } else {
      randomization.ApplyDrawn(rng, model);
    }
  }
  MixFriction(model);
}

void RobotFamily::Reset(VectorIn /*task*/, Simulation& simulation) const {
  const mjModel& model = simulation.model;
  mjData& data = simulation.data;
  task_->robot.start.Begin(model, data);
  const double noise = task_->options.position_noise;
  for (int joint = 0; joint < model.njnt; ++joint) {
    if (model.jnt_type[joint] != mjJNT_HINGE && model.jnt_type[joint] != mjJNT_SLIDE) continue;
    data.qpos[model.jnt_qposadr[joint]] += simulation.reset.Uniform(-noise, noise);
  }
  MoveBase(model, simulation.reset, data);
  const double velocity = task_->options.velocity_noise;
  for (int i = 0; i < model.nv; ++i) data.qvel[i] += simulation.reset.Uniform(-velocity, velocity);
  mj_forward(&model, &data);
}

// A free body that is the model's first one starts elsewhere on the ground, and turned.
void RobotFamily::MoveBase(const mjModel& model, Rng& rng, mjData& data) const {
  const double place = task_->options.place_noise, turn = task_->options.turn_noise;
  if (model.njnt == 0 || model.jnt_type[0] != mjJNT_FREE) return;
  mjtNum* const pose = data.qpos + model.jnt_qposadr[0];
  if (place > 0) {
    pose[0] += rng.Uniform(-place, place);
    pose[1] += rng.Uniform(-place, place);
  }
  if (turn <= 0) return;
  const double half = rng.Uniform(-turn, turn) / 2;
  const std::array<mjtNum, 4> about_z = {std::cos(half), 0, 0, std::sin(half)};
  std::array<mjtNum, 4> turned{};
  mju_mulQuat(turned.data(), about_z.data(), pose + 3);
  std::ranges::copy(turned, pose + 3);
}

void RobotFamily::Observe(VectorIn task, Simulation& simulation, VectorOut observation) const {
  const RobotState state = StateOf(task, simulation);
  Eigen::Index row = 0;
  for (const RobotObservation& seen : task_->observations) {
    auto numbers = observation.segment(row, seen.made->size());
    seen.made->Write(state, numbers);
    if (seen.noise > 0) {
      for (double& number : numbers) number += seen.noise * simulation.observe.Normal();
    }
    numbers *= seen.scale;
    if (seen.clip > 0) numbers = numbers.cwiseMax(-seen.clip).cwiseMin(seen.clip);
    row += numbers.size();
  }
}

// After the last physics step, what derives from the state is brought up to it, which costs nothing
// where the next step would begin with that.
void RobotFamily::Advance(Simulation& simulation) const {
  const mjModel& model = simulation.model;
  const bool split = model.opt.integrator != mjINT_RK4;
  for (std::int64_t i = 0; i < task_->physics_steps; ++i) {
    Eigen::Index row = 0;
    for (const ActionGroup& group : task_->actions) {
      group.Apply(model, simulation.memory.segment(row, group.size()), simulation.data);
      row += group.size();
    }
    if (split) {
      mj_step2(&model, &simulation.data);
      mj_step1(&model, &simulation.data);
    } else {
      mj_step(&model, &simulation.data);
    }
  }
  if (!split) mj_step1(&model, &simulation.data);
}

Outcome RobotFamily::Step(VectorIn task, VectorIn action, Simulation& simulation,
                          VectorOut reward_terms) const {
  const std::int64_t n = spec_.action_dim;
  simulation.memory.segment(2 * n, n) = simulation.memory.segment(n, n);
  simulation.memory.segment(n, n) = simulation.memory.head(n);
  simulation.memory.head(n) = action.cwiseMax(-1).cwiseMin(1);
  Advance(simulation);

  RobotState state = StateOf(task, simulation);
  const auto holds = [&](const RobotCondition& condition) { return condition.made->Holds(state); };
  Outcome outcome;
  outcome.terminated = std::ranges::any_of(task_->terminations, holds);
  outcome.success = spec_.has_success && std::ranges::all_of(task_->successes, holds);
  if (task_->options.success_counts == SuccessCounts::kEver) {
    double& succeeded = simulation.memory[3 * n];
    if (outcome.success) succeeded = 1;
    outcome.success = succeeded != 0;
  }
  state.terminated = outcome.terminated;
  for (std::size_t i = 0; i < task_->rewards.size(); ++i) {
    const RobotReward& reward = task_->rewards[i];
    reward_terms[static_cast<Eigen::Index>(i)] = reward.weight * reward.made->Value(state);
  }
  outcome.reward = SerialSum(reward_terms);
  return outcome;
}

const RegisterFamily<RobotFamily> registration("robot", "a robot of your own, by a task file");

}  // namespace
}  // namespace anole
