#include "envs/robot/task_file.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include "configs/reader.h"
#include "configs/settings.h"
#include "configs/suggest.h"
#include "configs/user_error.h"
#include "envs/mujoco_error.h"
#include "envs/robot/displays.h"
#include "envs/robot/formula.h"
#include "envs/robot/plain_name.h"
#include "envs/robot/robot_files.h"
#include "envs/robot/robot_model.h"
#include "envs/robot/start_value.h"

namespace anole {
namespace {

using DescribeOptions = std::function<void(OptionSource&)>;

// Runs `build`; its OptionErrors get the place in the file.
template <class Build>
auto At(const FileSection& section, const Build& build) {
  try {
    return build();
  } catch (const OptionError& error) {
    const Setting* setting = section.settings.Find(error.option());
    throw UserError(
        (setting != nullptr ? setting->Where() : section.origin + ": " + error.option()) + ": " +
        error.problem());
  }
}

void Read(const FileSection& section, const DescribeOptions& describe,
          const std::vector<OptionDescription>& all) {
  SettingsReader reader(section.settings, section.origin);
  describe(reader);
  reader.RejectUnknown(all);
}

// All of whose options are known beforehand.
template <class Options>
Options ReadOptions(const FileSection& section) {
  Options options;
  OptionLister lister;
  Options::Describe({options, lister});
  Read(
      section, [&](OptionSource& source) { Options::Describe({options, source}); },
      lister.options());
  return options;
}

// Reads an entry and the options of what it chooses by its `choice`, ready to be made.
template <class Choices, class Entry>
std::unique_ptr<typename Choices::Maker> ReadChoice(const FileSection& section,
                                                    std::string Entry::* choice, Entry& entry) {
  OptionLister lister;
  Entry::Describe({entry, lister});
  for (const auto& [name, chosen] : Choices::entries()) {
    lister.set_owner(name);
    chosen.maker()->Describe(lister);
  }
  std::unique_ptr<typename Choices::Maker> maker;
  const auto describe = [&](OptionSource& source) {
    Entry::Describe({entry, source});
    maker = Choices::NewMaker(entry.*choice);
    maker->Describe(source);
  };
  Read(section, describe, lister.options());
  return maker;
}

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

const std::vector<std::string> kSections = {"robot",       "start",   "command",     "place",
                                            "action",      "formula", "observation", "reward",
                                            "termination", "success", "randomize",   "push"};

// The sections of a file by their names.
class Sections {
 public:
  explicit Sections(const std::filesystem::path& file)
      : file_(file.string()), all_(Settings::SectionsOfFile(file)) {
    for (const FileSection& section : all_) {
      if (std::ranges::count(kSections, section.name) == 0) {
        throw UserError(section.origin + ": unknown section [" + section.name + "]" +
                        Suggestion(section.name, kSections));
      }
    }
    for (const char* name : {"robot", "action", "observation", "reward"}) {
      if (Named(name).empty()) throw UserError(file_ + ": has no section [" + name + "]");
    }
    const auto robots = Named("robot");
    if (robots.size() > 1) throw UserError(robots[1]->origin + ": a second [robot]");
  }

  std::vector<const FileSection*> Named(const std::string& name) const {
    std::vector<const FileSection*> found;
    for (const FileSection& section : all_) {
      if (section.name == name) found.push_back(&section);
    }
    return found;
  }

 private:
  std::string file_;
  std::vector<FileSection> all_;
};

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

constexpr std::int64_t kMostPhysicsSteps = 10'000, kMostSettling = 1'000'000;

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

// One control step of zero actions from the start.
void CheckStart(const RobotTask& task) {
  const mjModel& model = *task.robot.model;
  const DataPtr data = MakeData(model);
  task.robot.start.Begin(model, *data);
  mj_forward(&model, data.get());
  for (std::int64_t i = 0; i < task.physics_steps; ++i) {
    for (const RobotAction& action : task.actions) {
      const Vector zeros = Vector::Zero(action.made->size());
      if (i == 0) action.made->Begin(model, zeros, *data);
      action.made->Apply(model, zeros, *data);
    }
    mj_step(&model, data.get());
  }
  for (const int warning : {mjWARN_CONTACTFULL, mjWARN_CNSTRFULL}) {
    if (data->warning[warning].number == 0) continue;
    throw OptionError("model",
                      "its <size memory> is too small for the contacts of the start, of "
                      "which MuJoCo leaves some out");
  }
  if (IsHealthy(model, *data)) return;
  throw OptionError(task.options.keyframe.empty() ? "model" : "keyframe",
                    "physics diverges from this start within one control step");
}

// The start: the keyframe, what [[start]] sections say of it, and what physics makes of that.
void ReadStart(const FileSection& section, const std::vector<const FileSection*>& values,
               RobotTask& task) {
  Robot& robot = task.robot;
  const RobotOptions& options = task.options;
  const mjModel& model = *robot.model;
  const DataPtr data = MakeData(model);
  At(section, [&] {
    if (options.keyframe.empty()) return;
    mj_resetDataKeyframe(&model, data.get(), robot.Find(mjOBJ_KEY, "keyframe", options.keyframe));
  });
  Vector noise = Vector::Zero(model.nq);
  for (int joint = 0; joint < model.njnt; ++joint) {
    if (model.jnt_type[joint] != mjJNT_HINGE && model.jnt_type[joint] != mjJNT_SLIDE) continue;
    noise[model.jnt_qposadr[joint]] = options.position_noise;
  }
  for (const FileSection* value : values) {
    const auto start = ReadOptions<StartValue>(*value);
    At(*value, [&] { start.Apply(robot, *data, noise); });
  }
  robot.start = StartOf(model, *data, noise);
  if (options.held.empty()) return;
  At(section, [&] {
    for (const int joint : robot.FindJoints("held", options.held)) {
      robot.held.push_back(model.jnt_qposadr[joint]);
    }
  });
}

// What physics makes of the start by its controls; motors that an action commands as servos hold
// the place of action 0.
void Settle(const FileSection& section, RobotTask& task) {
  const RobotOptions& options = task.options;
  Robot& robot = task.robot;
  if (options.settle == 0) return;
  const mjModel& model = *robot.model;
  const DataPtr data = MakeData(model);
  robot.start.Begin(model, *data);
  At(section, [&] {
    const std::int64_t steps = StepsOf("settle", options.settle, options.control_dt);
    if (steps * task.physics_steps > kMostSettling) {
      throw OptionError("settle",
                        "is more than " + std::to_string(kMostSettling) + " physics steps");
    }
    for (std::int64_t step = 0; step < steps; ++step) {
      for (std::int64_t i = 0; i < task.physics_steps; ++i) {
        for (const RobotAction& action : task.actions) action.made->Hold(model, *data);
        mj_step(&model, data.get());
      }
    }
    if (!IsHealthy(model, *data)) throw OptionError("settle", "physics diverges meanwhile");
  });
  robot.start = StartOf(model, *data, robot.start.noise);
}

// The model.
void ReadModel(const FileSection& section, const mjModel& full, RobotTask& task) {
  Robot& robot = task.robot;
  const RobotOptions& options = task.options;
  SetModel(At(section, [&] { return LoadLeanRobotModel(options.model, options.physics_dt, full); }),
           full, robot);
  robot.model_name = std::filesystem::path(options.model).filename().string();
  At(section, [&] { task.physics_steps = PhysicsSteps(options, *robot.model); });
}

void ReadCommand(const FileSection& section, double control_dt,
                 std::vector<RobotCommand>& commands) {
  commands.push_back(ReadOptions<RobotCommand>(section));
  At(section, [&] {
    const RobotCommand& command = commands.back();
    command.range.Check("");
    StepsOf("every", command.every, control_dt);
    CheckPlainName("name", command.name);
    CheckPlainName("unit", command.unit);
    if (std::ranges::count(commands, command.name, &RobotCommand::name) > 1) {
      throw OptionError("name", "another [[command]] has this name");
    }
  });
}

// What all actions up to one command.
struct Commanded {
  std::vector<int> actuators, mocaps;
};

void ReadAction(const FileSection& section, RobotTask& task, Commanded& commanded) {
  RobotAction action;
  const auto maker = ReadChoice<ActionKinds>(section, &RobotAction::kind, action);
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

void ReadTerms(const Sections& sections, RobotTask& task) {
  const RobotParts parts{.robot = task.robot,
                         .action_dim = task.action_dim(),
                         .control_dt = task.options.control_dt,
                         .kept = task.kept,
                         .formulas = task.formulas,
                         .accelerations = task.accelerations};
  for (const FileSection* section : sections.Named("formula")) {
    ReadFormula(*section, parts, task.formulas);
  }
  for (const FileSection* section : sections.Named("observation")) {
    task.observations.push_back(ReadTerm<RobotObservation, ObservationTerms>(*section, parts));
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
}

// A place that two sections say would be that of neither.
void CheckNotPlaced(const RobotTask& task) {
  const Randomization& last = task.randomizations.back();
  for (const int body : last.moved_bodies()) {
    for (const Placement& placement : task.placements.all()) {
      if (!placement.in_model() || !placement.IsWithin(*task.robot.model, body)) continue;
      throw OptionError("target", "'" + placement.options().of +
                                      "' is put somewhere by a [[place]]; it, or what it is fixed "
                                      "to, cannot be moved as well");
    }
  }
}

// All that vary one number, at the ends of their ranges together.
void CheckTogether(const RobotTask& task) {
  for (const std::size_t end : {0, 1}) {
    const ModelPtr model = CopyModel(*task.robot.model);
    for (const Randomization& randomization : task.randomizations) {
      const auto& range = randomization.options().range;
      const std::vector<double>& ends = range.test_range.empty() ? range.range : range.test_range;
      randomization.Apply(Vector::Constant(randomization.count(), ends.at(end)), *model);
    }
    task.randomizations.back().CheckNumbers(*model);
  }
}

void CheckParameterNames(const RobotTask& task) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (std::ranges::count(names, name) > 0) {
      throw OptionError("model", "two parameters of a task are called '" + name +
                                     "': give one [[command]] another name, or put two "
                                     "[[randomize]] into one");
    }
    names.push_back(name);
  };
  for (const RobotCommand& command : task.robot.commands) {
    if (command.per_task()) add(command.name);
  }
  for (const Placement& placement : task.placements.all()) {
    if (!placement.per_task()) continue;
    for (const NamedUnit& parameter : placement.parameters()) add(parameter.name);
  }
  for (const Randomization& randomization : task.randomizations) {
    if (!randomization.per_task()) continue;
    for (const NamedUnit& parameter : randomization.parameters()) add(parameter.name);
  }
}

// A reward that is no number at the start never was one; later it ends an episode, as physics that
// diverges does.
void CheckNumbers(const Sections& sections, const RobotTask& task) {
  const mjModel& model = *task.robot.model;
  const DataPtr data = MakeData(model);
  task.robot.start.Begin(model, *data);
  mj_forward(&model, data.get());
  const Vector actions = Vector::Zero(task.action_dim());
  Vector commands(static_cast<Eigen::Index>(task.robot.commands.size()));
  for (Eigen::Index i = 0; i < commands.size(); ++i) {
    commands[i] = task.robot.commands[static_cast<std::size_t>(i)].range.range[0];
  }
  Vector kept = Vector::Zero(task.kept.size());
  const RobotState state{.model = model,
                         .data = *data,
                         .commands = commands,
                         .action = actions,
                         .previous_action = actions,
                         .earlier_action = actions,
                         .kept = kept};
  task.kept.Begin(state, kept);
  for (std::size_t i = 0; i < task.rewards.size(); ++i) {
    const RobotReward& reward = task.rewards[i];
    if (std::isfinite(reward.weight * reward.made->Value(state))) continue;
    throw UserError(sections.Named("reward")[i]->origin + ": reward '" + reward.name +
                    "' is no finite number at the start");
  }
  for (std::size_t i = 0; i < task.observations.size(); ++i) {
    const RobotObservation& seen = task.observations[i];
    Vector numbers(seen.frame());
    seen.made->Write(state, numbers);
    constexpr double kLargest = 1e30;  // its square has to be a number, too
    if ((seen.scale * numbers).cwiseAbs().maxCoeff() < kLargest) continue;
    throw UserError(sections.Named("observation")[i]->origin + ": observation '" + seen.term +
                    "' is no finite number at the start");
  }
}

// What takes a whole task: how it is shown, and whether physics holds at its start.
void Complete(const Sections& sections, RobotTask& task) {
  At(*sections.Named("robot")[0], [&] {
    CheckParameterNames(task);
    task.display = RobotDisplays::NewMaker(task.options.display)->Make(task);
    try {
      CheckStart(task);
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
  const Sections sections(file);
  auto task = std::make_unique<RobotTask>();
  const FileSection& start = *sections.Named("robot")[0];
  task->options = ReadOptions<RobotOptions>(start);
  const OpenedFiles opened;
  ModelPtr full = At(start, [&] {
    return LoadRobotModel(task->options.model, task->options.physics_dt, &opened);
  });
  ReadModel(start, *full, *task);
  ReadStart(start, sections.Named("start"), *task);
  for (const FileSection* section : sections.Named("command")) {
    ReadCommand(*section, task->options.control_dt, task->robot.commands);
  }
  Commanded commanded;
  for (const FileSection* section : sections.Named("action")) {
    ReadAction(*section, *task, commanded);
  }
  Settle(start, *task);
  for (const FileSection* section : sections.Named("place")) {
    const auto options = ReadOptions<PlacementOptions>(*section);
    At(*section, [&] { task->placements.Add(options, task->robot); });
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
  for (const FileSection* section : sections.Named("push")) {
    const auto options = ReadOptions<PushOptions>(*section);
    At(*section, [&] { task->pushes.emplace_back(options, task->robot); });
  }
  Complete(sections, *task);
  task->checksum = RobotChecksum(file, *full);
  task->former_checksum = FormerRobotChecksum(file, *full);
  task->robot.full = nullptr;
  full.reset();
  task->files = FilesOfRobot(file, task->options.model, opened.paths());
  ForgetAssets();
  return task;
}

}  // namespace anole
