#include "envs/robot/task_file.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "configs/settings.h"
#include "configs/user_error.h"
#include "envs/mujoco_error.h"
#include "envs/robot/displays.h"
#include "envs/robot/episode_start.h"
#include "envs/robot/file_sections.h"
#include "envs/robot/formula.h"
#include "envs/robot/plain_name.h"
#include "envs/robot/robot_files.h"
#include "envs/robot/robot_model.h"
#include "envs/robot/start_of_file.h"
#include "envs/robot/task_checks.h"
#include "envs/robot/task_parameters.h"

namespace anole {
namespace {

// An entry that is chosen by its `term`.
template <class Entry, class Terms>
Entry ReadTerm(const FileSection& section, const RobotParts& parts) {
  Entry entry;
  const auto maker = ReadChoice<Terms>(section, &Entry::term, entry);
  OptionLister own;
  maker->Describe(own);
  for (const OptionDescription& option : own.options()) {
    if (section.settings.Find(option.name) == nullptr) continue;
    entry.told += (entry.told.empty() ? "" : ", ") + option.name + " = " + option.default_value;
  }
  entry.made = At(section, [&] { return maker->Make(parts); });
  return entry;
}

void SetModel(LeanModel lean, const mjModel& full, Robot& robot) {
  robot.model = std::move(lean.model);
  robot.spec = std::move(lean.spec);
  robot.left_out = std::move(lean.told);
  robot.full = &full;
  robot.geoms.assign(static_cast<std::size_t>(full.ngeom), -1);
  for (std::size_t i = 0; i < lean.geoms.size(); ++i) {
    robot.geoms.at(static_cast<std::size_t>(lean.geoms[i])) = static_cast<int>(i);
  }
}

constexpr std::int64_t kMostPhysicsSteps = 10'000;

std::int64_t PhysicsSteps(const RobotOptions& options, const mjModel& model) {
  const double steps = options.control_dt / model.opt.timestep;
  const double whole = std::round(steps);
  if (whole > kMostPhysicsSteps) {
    throw OptionError("control_dt", "is more than " + std::to_string(kMostPhysicsSteps) +
                                        " physics steps of " + std::to_string(model.opt.timestep) +
                                        " s");
  }
  if (whole >= 1 && std::abs(steps - whole) < 1e-6 * whole) return static_cast<std::int64_t>(whole);
  throw OptionError("control_dt", "must be a multiple of the physics step, " +
                                      std::to_string(model.opt.timestep) + " s");
}

std::string ModelName(const RobotOptions& options) {
  return std::filesystem::path(options.model).filename().string();
}

// What is changed of the model, by the names that it has without.
ModelEdits ReadEdits(const FileSection& robot, const FileSections& sections,
                     const RobotOptions& options) {
  ModelEdits edits{.physics_dt = options.physics_dt};
  const auto actuators = sections.Named("actuator"), pairs = sections.Named("pair");
  if (actuators.empty() && pairs.empty() && options.colliding.empty()) return edits;
  const std::string name = ModelName(options);
  const ModelPtr model = At(robot, [&] { return LoadRobotModel(options.model, edits); });
  std::vector<std::string> joints;
  for (const FileSection* section : actuators) {
    auto added = ReadOptions<AddedActuators>(*section);
    At(*section, [&] {
      added.Choose(*model, name);
      for (const std::string& joint : added.chosen) {
        if (std::ranges::count(joints, joint) > 0) {
          throw OptionError("joints", "'" + joint + "' has an earlier [[actuator]]");
        }
        joints.push_back(joint);
      }
    });
    edits.actuators.push_back(std::move(added));
  }
  for (const FileSection* section : pairs) {
    auto added = ReadOptions<AddedPairs>(*section);
    At(*section, [&] { added.Choose(*model, name); });
    edits.pairs.push_back(std::move(added));
  }
  if (options.colliding.empty()) return edits;
  At(robot, [&] { edits.colliding = ChooseColliding(*model, name, options.colliding); });
  return edits;
}

// The model.
void ReadModel(const FileSection& section, const mjModel& full, RobotTask& task) {
  Robot& robot = task.robot;
  const RobotOptions& options = task.options;
  SetModel(At(section, [&] { return LoadLeanRobotModel(options.model, task.edits, full); }), full,
           robot);
  robot.model_name = ModelName(options);
  At(section, [&] { task.physics_steps = PhysicsSteps(options, *robot.model); });
}

void ReadCommand(const FileSection& section, double control_dt,
                 std::vector<RobotCommand>& commands) {
  commands.push_back(ReadOptions<RobotCommand>(section));
  At(section, [&] {
    const RobotCommand& command = commands.back();
    command.Check(control_dt);
    if (std::ranges::count(commands, command.name, &RobotCommand::name) > 1) {
      throw OptionError("name", "another [[command]] has this name");
    }
  });
}

// Two motions cannot both be what a joint begins with.
void CheckStartsApart(const Motion& a, const Motion& b, const mjModel& model) {
  const std::vector<int> begun = a.started();
  for (const int joint : b.started()) {
    if (std::ranges::count(begun, joint) == 0) continue;
    throw OptionError("start", "joint '" + ElementName(model, mjOBJ_JOINT, joint) +
                                   "' begins with motion '" + a.options().name +
                                   "' already; start = false leaves it to that");
  }
}

void ReadMotion(const FileSection& section, Robot& robot) {
  const auto options = ReadOptions<MotionOptions>(section);
  At(section, [&] {
    const bool is_taken = std::ranges::any_of(
        robot.motions, [&](const auto& motion) { return motion->options().name == options.name; });
    if (is_taken) throw OptionError("name", "another [[motion]] has this name");
    const auto motion = std::make_shared<const Motion>(options, *robot.model);
    for (const auto& other : robot.motions) CheckStartsApart(*other, *motion, *robot.model);
    robot.motions.push_back(motion);
  });
}

// above_ground = true is of the beginning of episodes.
void CheckBaseStays(const Placement& placement, const mjModel& model) {
  if (!placement.options().is_redrawn() || placement.body() != model.jnt_bodyid[0]) return;
  throw OptionError(placement.options().after_success ? "after_success" : "every",
                    "puts the base elsewhere within an episode, where above_ground = true would "
                    "not keep its height");
}

// What all actions up to one command.
struct Commanded {
  std::vector<int> actuators, mocaps;
};

void ReadAction(const FileSection& section, RobotTask& task, Commanded& commanded) {
  RobotAction action;
  const auto maker = ReadChoice<ActionKinds>(section, &RobotAction::kind, action);
  OptionLister lister;
  RobotAction::Describe({std::as_const(action), lister});
  maker->Describe(lister);
  for (const OptionDescription& option : lister.options()) {
    action.options.emplace_back(option.name, option.default_value);
  }
  At(section, [&] {
    action.made = maker->Make(task.robot);
    const auto claim = [](const std::string& option, const std::string& name, int id,
                          std::vector<int>& claimed) {
      if (std::ranges::count(claimed, id) > 0) {
        throw OptionError(option, "'" + name + "' belongs to an earlier [[action]]");
      }
      claimed.push_back(id);
    };
    for (const int actuator : action.made->actuators()) {
      claim("actuators", ElementName(*task.robot.model, mjOBJ_ACTUATOR, actuator), actuator,
            commanded.actuators);
    }
    for (const int mocap : action.made->mocaps()) {
      claim("body", "this mocap body", mocap, commanded.mocaps);
    }
  });
  task.actions.push_back(std::move(action));
}

void ReadReward(const FileSection& section, const RobotParts& parts,
                std::vector<RobotReward>& rewards) {
  rewards.push_back(ReadTerm<RobotReward, RewardTerms>(section, parts));
  RobotReward& reward = rewards.back();
  At(section, [&] {
    CheckPlainName("name", reward.name);
    reward.growth.Check();
    reward.when.Bind(parts.robot);
  });
  if (reward.name.empty()) reward.name = reward.term;
  if (std::ranges::count(rewards, reward.name, &RobotReward::name) > 1) {
    throw UserError(section.origin + ": another [[reward]] is called '" + reward.name +
                    "'; give this one a name");
  }
}

void ReadFormula(const FileSection& section, const RobotParts& parts, Formulas& formulas) {
  const auto formula = ReadOptions<NamedFormula>(section);
  At(section, [&] {
    CheckFormulaName(formula.name, parts);
    formulas[formula.name] = NamedPart(ParseFormula("is", formula.is, parts), parts);
  });
}

RobotCondition ReadCondition(const FileSection& section, const RobotParts& parts) {
  auto condition = ReadTerm<RobotCondition, Conditions>(section, parts);
  At(section, [&] { condition.when.Bind(parts.robot); });
  return condition;
}

void ReadTerms(const FileSections& sections, RobotTask& task) {
  const RobotParts parts{.robot = task.robot,
                         .action_dim = task.action_dim(),
                         .control_dt = task.options.control_dt,
                         .kept = task.kept,
                         .formulas = task.formulas,
                         .accelerations = task.accelerations};
  for (const FileSection* section : sections.Named("formula")) {
    ReadFormula(*section, parts, task.formulas);
  }
  const std::vector<const FileSection*> observations = sections.Named("observation");
  for (std::size_t i = 0; i < observations.size(); ++i) {
    auto seen = ReadTerm<RobotObservation, ObservationTerms>(*observations[i], parts);
    seen.section = i;
    At(*observations[i], [&] { seen.Check(); });
    (seen.privileged ? task.privileged : task.observations).push_back(std::move(seen));
  }
  if (task.observations.empty()) {
    throw UserError(observations[0]->origin +
                    ": all observations are privileged, so the policy sees nothing");
  }
  for (const FileSection* section : sections.Named("reward")) {
    ReadReward(*section, parts, task.rewards);
    if (task.rewards.back().term != "success" || !sections.Named("success").empty()) continue;
    throw UserError(section->origin + ": term = \"success\": there is no [[success]]");
  }
  for (const FileSection* section : sections.Named("termination")) {
    task.terminations.push_back(ReadCondition(*section, parts));
  }
  for (const FileSection* section : sections.Named("success")) {
    task.successes.push_back(ReadCondition(*section, parts));
  }
  const auto waiting = task.placements.waiting_for_success();
  if (!waiting || !task.successes.empty()) return;
  At(*sections.Named("place").at(*waiting),
     [] { throw OptionError("after_success", "there is no [[success]]"); });
}

void CheckNumbers(const FileSections& sections, const RobotTask& task) {
  if (const auto i = RewardWithoutNumber(task)) {
    throw UserError(sections.Named("reward").at(*i)->origin + ": reward '" +
                    task.rewards.at(*i).name + "' is no finite number at the start");
  }
  if (const RobotObservation* const seen = ObservationWithoutNumber(task)) {
    throw UserError(sections.Named("observation").at(seen->section)->origin + ": observation '" +
                    seen->term + "' is no finite number at the start");
  }
}

// What takes a whole task: how it is shown, and whether physics holds at its start.
void Complete(const FileSections& sections, RobotTask& task) {
  At(*sections.Named("robot")[0], [&] {
    CheckParameterNames(task);
    task.display = RobotDisplays::NewMaker(task.options.display)->Make(task);
    try {
      CheckStart(task);
      for (const OtherStart& other : task.robot.other_starts) {
        At(*sections.Named("start")[other.section], [&] { CheckStart(task, other); });
      }
      CheckNumbers(sections, task);
    } catch (const MujocoError& error) {
      throw OptionError("model", error.what());
    }
  });
}

}  // namespace

Eigen::Index RobotTask::action_dim() const {
  Eigen::Index size = 0;
  for (const RobotAction& action : actions) size += action.made->size();
  return size;
}

std::unique_ptr<const RobotTask> ReadRobotTask(const std::filesystem::path& file) {
  const FileSections sections(file);
  auto task = std::make_unique<RobotTask>();
  const FileSection& start = *sections.Named("robot")[0];
  task->options = ReadOptions<RobotOptions>(start);
  task->edits = ReadEdits(start, sections, task->options);
  const OpenedFiles opened;
  ModelPtr full =
      At(start, [&] { return LoadRobotModel(task->options.model, task->edits, &opened); });
  ReadModel(start, *full, *task);
  ReadStart(sections, *task);
  for (const FileSection* section : sections.Named("motion")) {
    ReadMotion(*section, task->robot);
  }
  for (const FileSection* section : sections.Named("command")) {
    ReadCommand(*section, task->options.control_dt, task->robot.commands);
  }
  Commanded commanded;
  for (const FileSection* section : sections.Named("action")) {
    ReadAction(*section, *task, commanded);
  }
  SettleStart(sections, *task);
  if (task->options.above_ground) {
    task->height_kept =
        At(start, [&] { return HeightKept(*task->robot.model, *task->robot.AtStart()); });
  }
  if (task->options.hold_start) task->holding = At(start, [&] { return FindHolding(task->robot); });
  for (const FileSection* section : sections.Named("place")) {
    const auto options = ReadOptions<PlacementOptions>(*section);
    At(*section, [&] {
      task->placements.Add(options, task->robot, task->options.control_dt);
      if (task->height_kept) CheckBaseStays(task->placements.all().back(), *task->robot.model);
    });
  }
  for (const FileSection* section : sections.Named("drop")) {
    const auto options = ReadOptions<DropOptions>(*section);
    At(*section, [&] {
      const Drop drop(options, task->robot, task->options.control_dt);
      CheckSettling(drop.settle_steps(), *task);
      task->drops.push_back(drop);
    });
  }
  ReadTerms(sections, *task);
  for (const FileSection* section : sections.Named("randomize")) {
    const auto options = ReadOptions<RandomizationOptions>(*section);
    At(*section, [&] {
      task->randomizations.emplace_back(options, task->robot);
      CheckNotPlaced(*task);
      CheckTogether(*task);
    });
  }
  for (const FileSection* section : sections.Named("latency")) {
    if (task->latency) throw UserError(section->origin + ": a second [[latency]]");
    task->latency = ReadOptions<Latency>(*section);
    At(*section, [&] { task->latency->Check(); });
  }
  for (const FileSection* section : sections.Named("push")) {
    const auto options = ReadOptions<PushOptions>(*section);
    At(*section,
       [&] { task->pushes.emplace_back(options, task->robot, task->options.control_dt); });
  }
  Complete(sections, *task);
  std::vector<std::filesystem::path> motions;
  std::vector<std::string> motion_checksums;
  for (const auto& motion : task->robot.motions) {
    motions.emplace_back(motion->options().file);
    motion_checksums.push_back(motion->table().checksum());
  }
  task->checksum = RobotChecksum(file, *full, motion_checksums);
  task->former_checksum = FormerRobotChecksum(file, *full);
  task->robot.full = nullptr;
  full.reset();
  task->files = FilesOfRobot(file, task->options.model, opened.paths(), motions);
  ForgetAssets();
  return task;
}

}  // namespace anole
