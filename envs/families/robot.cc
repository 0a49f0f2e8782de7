// robot: a model of the user's own, by a task file (envs/robot/task_file.h).
// Task: its parameters (task_parameters.h). Observation, reward and endings: the file's terms, in
// its order. Reset: envs/robot/episode_start.h; controls that no action commands stay the start's.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "configs/user_error.h"
#include "envs/model_rewrite.h"
#include "envs/robot/command_draws.h"
#include "envs/robot/episode_start.h"
#include "envs/robot/mocap_update.h"
#include "envs/robot/observing.h"
#include "envs/robot/robot_memory.h"
#include "envs/robot/robot_model.h"
#include "envs/robot/simulated_model.h"
#include "envs/robot/task_file.h"
#include "envs/robot/task_parameters.h"
#include "envs/robot/task_warnings.h"
#include "envs/serial_sum.h"
#include "envs/task_checksum.h"
#include "envs/task_family.h"

namespace anole {
namespace {

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
  bool varies_model() const override {
    return !task_->randomizations.empty() || task_->placements.in_model();
  }
  void Configure(VectorIn task, std::int64_t iteration, Rng& rng, mjModel& model) const override;
  Vector Sample(Rng& rng, const TaskPlace& place) const override {
    return DrawParameters(*task_, rng, place);
  }
  void Reset(VectorIn task, Simulation& simulation) const override;
  void Observe(VectorIn task, Simulation& simulation, VectorOut observation) const override;
  void ObservePrivileged(VectorIn task, Simulation& simulation,
                         VectorOut privileged) const override;
  Outcome Step(VectorIn task, VectorIn action, Simulation& simulation,
               VectorOut reward_terms) const override;

 private:
  RobotState StateOf(const Simulation& simulation) const {
    const Eigen::Index n = spec_.action_dim;
    return {.model = simulation.model,
            .data = simulation.data,
            .commands = memory_.commands.Of(simulation.memory),
            .action = simulation.memory.head(n),
            .previous_action = simulation.memory.segment(n, n),
            .earlier_action = simulation.memory.segment(2 * n, n),
            .motions = memory_.motions.Of(simulation.memory),
            .kept = memory_.kept.Of(simulation.memory)};
  }
  void BeginMotions(VectorIn task, Simulation& simulation) const;
  double DrawLatency(VectorIn task, Simulation& simulation) const;
  void PushAbout(Simulation& simulation) const;
  bool PutAnew(bool success, Simulation& simulation) const;
  void Advance(Simulation& simulation) const;
  void FindForces(Simulation& simulation) const;

  std::shared_ptr<const RobotTask> task_;
  ModelPtr model_;  // as simulated
  RobotMemory memory_;
  MocapUpdate moved_mocaps_;
  CommandDraws commands_;
  Observing observing_;
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
  observing_ = Observing(task_->observations);
  const Robot& robot = task_->robot;
  ChosenModel chosen = SimulatedModel(*task_, options.model_rewrite);
  model_ = std::move(chosen.model);
  spec_.simulated = Together(chosen.told, robot.left_out);
  spec_.action_dim = task_->action_dim();
  for (const RobotObservation& seen : task_->observations) {
    spec_.observations.push_back(PartOf(seen));
    spec_.observation_dim += seen.size();
  }
  for (const RobotObservation& seen : task_->privileged) spec_.privileged_dim += seen.size();
  std::vector<int> mocaps;
  for (const RobotAction& action : task_->actions) {
    for (ActionPart& part : action.made->Interface()) {
      part.rule = spec_.action_rules.size();
      spec_.actions.push_back(std::move(part));
    }
    spec_.action_rules.push_back(action.made->Rule());
    spec_.action_rules.back().options = action.options;
    std::ranges::copy(action.made->mocaps(), std::back_inserter(mocaps));
  }
  moved_mocaps_ = MocapUpdate(*model_, mocaps);
  RobotMemory::Sizes sizes{
      .actions = spec_.action_dim,
      .remembered = ActionsToKeep(task_->latency, model_->opt.timestep, task_->physics_steps),
      .commands = static_cast<Eigen::Index>(robot.commands.size()),
      .pushes = Push::kKept * static_cast<Eigen::Index>(task_->pushes.size()),
      .motions = Motion::kKept * static_cast<Eigen::Index>(robot.motions.size()),
      .kept = task_->kept.memory_size(),
      .seen = observing_.frames(),
      .delays = observing_.delays()};
  if (task_->accelerations) sizes.forces = static_cast<Eigen::Index>(model_->nout);
  if (task_->placements.are_redrawn()) {
    sizes.places = static_cast<Eigen::Index>(task_->placements.all().size());
  }
  memory_ = RobotMemory(sizes);
  spec_.memory_dim = memory_.size();
  spec_.horizon = task_->options.horizon;
  spec_.control_dt = static_cast<double>(task_->physics_steps) * model_->opt.timestep;
  spec_.diverged_reward = task_->options.diverged_reward;
  commands_ = CommandDraws(robot.commands, task_->options.control_dt);
  for (const TaskParameter& parameter : ParametersOf(*task_)) {
    spec_.task_parameters.push_back(parameter.name);
    spec_.task_ranges.push_back(parameter.ranges);
  }
  spec_.display = task_->display;
  spec_.warnings = WarningsOf(*task_);
  spec_.has_success = !task_->successes.empty();
  for (const RobotReward& reward : task_->rewards) {
    const bool plain = reward.weight == 1 && reward.growth.whole == 0;
    spec_.reward_terms.push_back({reward.name, plain ? reward.made->unit() : ""});
  }
}

ModelPtr RobotFamily::PicturedModel() const {
  const std::string& path = task_->options.model;
  ModelPtr model = LoadRobotModel(path, task_->edits);
  ForgetAssets();
  if (model->nq == model_->nq && model->nbody == model_->nbody && model->nsite == model_->nsite) {
    return model;
  }
  throw UserError(path + ": has changed since it was read");
}

void RobotFamily::Configure(VectorIn task, std::int64_t iteration, Rng& rng, mjModel& model) const {
  Eigen::Index row = commands_.per_task();
  task_->placements.Put(task.segment(row, task_->placements.rows()), iteration, rng, model);
  row += task_->placements.rows();
  for (const Randomization& randomization : task_->randomizations) {
    const Eigen::Index count = randomization.count();
    if (randomization.per_task()) {
      randomization.Apply(task.segment(row, count), model);
      row += count;
    } else {
      randomization.ApplyDrawn(iteration, rng, model);
    }
  }
  MixFriction(model);
}

void RobotFamily::Reset(VectorIn task, Simulation& simulation) const {
  BeginMotions(task, simulation);
  BeginEpisode(*task_,
               {.places = task.segment(commands_.per_task(), task_->placements.rows()),
                .motions = memory_.motions.Of(simulation.memory),
                .iteration = simulation.iteration},
               simulation.model, simulation.reset, simulation.data);
  commands_.Begin(task, memory_, simulation);
  Eigen::Index row = memory_.pushes.first;
  for (const Push& push : task_->pushes) {
    push.Begin(simulation.iteration, simulation.reset, simulation.memory.segment(row, Push::kKept));
    row += Push::kKept;
  }
  if (task_->latency) simulation.memory[memory_.latency()] = DrawLatency(task, simulation);
  observing_.Begin(memory_, simulation);
  PutAnew(false, simulation);
  task_->kept.Begin(StateOf(simulation), memory_.kept.Of(simulation.memory));
}

// Their clips are the last numbers of a task.
void RobotFamily::BeginMotions(VectorIn task, Simulation& simulation) const {
  Eigen::Index row = task.size() - MotionsOfTasks(*task_), kept = memory_.motions.first;
  for (const auto& motion : task_->robot.motions) {
    const double clip = motion->per_task()
                            ? task[row++]
                            : motion->DrawClip({.index = simulation.iteration}, simulation.reset);
    motion->Begin(clip, simulation.reset, simulation.memory.segment(kept, Motion::kKept));
    kept += Motion::kKept;
  }
}

// [s]
double RobotFamily::DrawLatency(VectorIn task, Simulation& simulation) const {
  if (task_->latency->per_task()) return task[task.size() - MotionsOfTasks(*task_) - 1];
  const auto [low, high] = task_->latency->range.In(simulation.iteration);
  return simulation.reset.Uniform(low, high);
}

void RobotFamily::PushAbout(Simulation& simulation) const {
  const double time = simulation.memory[memory_.steps()] * spec_.control_dt;
  for (const Push& push : task_->pushes) push.Release(simulation.data);
  Eigen::Index row = memory_.pushes.first;
  bool pushed = false;
  for (const Push& push : task_->pushes) {
    pushed |= push.Apply(time, simulation, simulation.memory.segment(row, Push::kKept));
    row += Push::kKept;
  }
  // What derives from velocities, for the physics step to come.
  if (pushed) mj_step1(&simulation.model, &simulation.data);
}

bool RobotFamily::PutAnew(bool success, Simulation& simulation) const {
  if (memory_.places.count == 0) return false;
  const bool put =
      task_->placements.PutAnew(simulation.memory[memory_.steps()], success, task_->robot.start,
                                memory_.places.Of(simulation.memory), simulation);
  // What derives from places, to be seen, and for the physics step to come.
  if (!put) return false;
  mj_step1(&simulation.model, &simulation.data);
  FindForces(simulation);
  return true;
}

void RobotFamily::ObservePrivileged(VectorIn /*task*/, Simulation& simulation,
                                    VectorOut privileged) const {
  const RobotState state = StateOf(simulation);
  Eigen::Index row = 0;
  for (const RobotObservation& seen : task_->privileged) {
    See(seen, state, simulation.observe, privileged.segment(row, seen.size()));
    row += seen.size();
  }
}

void RobotFamily::Observe(VectorIn /*task*/, Simulation& simulation, VectorOut observation) const {
  observing_.Observe(StateOf(simulation), memory_, simulation, observation);
}

// After the last physics step, what derives from the state is brought up to it, which costs nothing
// where the next step would begin with that.
void RobotFamily::Advance(Simulation& simulation) const {
  const mjModel& model = simulation.model;
  const bool split = model.opt.integrator != mjINT_RK4;
  const LateAction late(simulation.memory[memory_.latency()], model.opt.timestep,
                        task_->physics_steps);
  for (std::int64_t i = 0; i < task_->physics_steps; ++i) {
    Eigen::Index row = late.AgeIn(i) * spec_.action_dim;
    for (const RobotAction& action : task_->actions) {
      const auto numbers = simulation.memory.segment(row, action.made->size());
      if (i == late.begins) action.made->Begin(model, numbers, simulation.data);
      action.made->Apply(model, numbers, simulation.data);
      row += numbers.size();
    }
    if (i == late.begins) moved_mocaps_.Apply(model, simulation.data);
    if (split) {
      mj_step2(&model, &simulation.data);
      mj_step1(&model, &simulation.data);
    } else {
      mj_step(&model, &simulation.data);
      const bool looked_at = task_->kept.looks_within() || i + 1 == late.begins;
      if (looked_at) mj_step1(&model, &simulation.data);
    }
    if (task_->kept.looks_within() && i + 1 < task_->physics_steps) {
      FindForces(simulation);
      task_->kept.Within(StateOf(simulation), memory_.kept.Of(simulation.memory));
    }
  }
  for (const int address : task_->robot.held) {
    simulation.data.qpos[address] = task_->options.held_at;
  }
  if (!split || !task_->robot.held.empty()) mj_step1(&model, &simulation.data);
  FindForces(simulation);
}

// Where terms ask for them: forces, accelerations and the sensors that measure them, by the
// controls of this step. What terms say of actuators' forces stays that of the last physics step,
// as it is without this.
void RobotFamily::FindForces(Simulation& simulation) const {
  if (!task_->accelerations) return;
  auto forces = memory_.forces.Of(simulation.memory);
  Eigen::Map<Vector> now(simulation.data.actuator_force, forces.size());
  forces = now;
  mj_forwardSkip(&simulation.model, &simulation.data, mjSTAGE_VEL, 0);
  now = forces;
}

Outcome RobotFamily::Step(VectorIn /*task*/, VectorIn action, Simulation& simulation,
                          VectorOut reward_terms) const {
  const Eigen::Index n = spec_.action_dim;
  auto actions = memory_.actions.Of(simulation.memory);
  for (Eigen::Index i = actions.size() - n; i > 0; i -= n) {
    actions.segment(i, n) = actions.segment(i - n, n);
  }
  actions.head(n) = action.cwiseMax(-1).cwiseMin(1);
  PushAbout(simulation);
  task_->kept.BeginStep(memory_.kept.Of(simulation.memory));
  Advance(simulation);
  simulation.memory[memory_.steps()] += 1;

  RobotState state = StateOf(simulation);
  task_->kept.Advance(state, memory_.kept.Of(simulation.memory));
  const auto holds = [&](const RobotCondition& condition) {
    return condition.when.Holds(state.commands) && condition.made->Holds(state);
  };
  const auto applies = [&](const RobotCondition& condition) {
    return condition.when.Holds(state.commands);
  };
  const auto fails = [&](const RobotCondition& condition) {
    return applies(condition) && !condition.made->Holds(state);
  };
  Outcome outcome;
  outcome.terminated = std::ranges::any_of(task_->terminations, holds);
  outcome.success = std::ranges::any_of(task_->successes, applies) &&
                    std::ranges::none_of(task_->successes, fails);
  state.terminated = outcome.terminated;
  state.success = outcome.success;
  if (task_->options.success_counts == SuccessCounts::kEver) {
    double& succeeded = simulation.memory[memory_.succeeded()];
    if (outcome.success) succeeded = 1;
    outcome.success = succeeded != 0;
  }
  for (std::size_t i = 0; i < task_->rewards.size(); ++i) {
    const RobotReward& reward = task_->rewards[i];
    reward_terms[static_cast<Eigen::Index>(i)] =
        reward.when.Holds(state.commands)
            ? reward.WeightIn(simulation.iteration) * reward.made->Value(state)
            : 0;
  }
  outcome.reward = SerialSum(reward_terms);
  // Of the step to come.
  const bool asks_anew = commands_.Draw(memory_, simulation);
  const bool puts_anew = PutAnew(state.success, simulation);
  if (asks_anew || puts_anew) {
    task_->kept.Refresh(StateOf(simulation), memory_.kept.Of(simulation.memory));
  }
  return outcome;
}

const RegisterFamily<RobotFamily> registration("robot", "a robot of your own, by a task file");

}  // namespace
}  // namespace anole
