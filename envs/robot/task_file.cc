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
#include "envs/robot/plain_name.h"
#include "envs/robot/robot_files.h"
#include "envs/robot/robot_model.h"

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

const std::vector<std::string> kSections = {"robot",  "command",     "action",  "observation",
                                            "reward", "termination", "success", "randomize"};

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

std::int64_t PhysicsSteps(const RobotOptions& options, const mjModel& model) {
  const double steps = options.control_dt / model.opt.timestep;
  const double whole = std::round(steps);
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
    for (const ActionGroup& group : task.actions) {
      group.Apply(model, Vector::Zero(group.size()), *data);
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

// The model and its start.
void ReadRobot(const FileSection& section, const mjModel& full, RobotTask& task) {
  Robot& robot = task.robot;
  const RobotOptions& options = task.options;
  SetModel(At(section, [&] { return LoadLeanRobotModel(options.model, options.physics_dt, full); }),
           full, robot);
  robot.model_name = std::filesystem::path(options.model).filename().string();
  At(section, [&] {
    const std::string& keyframe = options.keyframe;
    const int key = keyframe.empty() ? -1 : robot.Find(mjOBJ_KEY, "keyframe", keyframe);
    robot.start = StartOf(*robot.model, key);
    task.physics_steps = PhysicsSteps(options, *robot.model);
  });
}

void ReadCommand(const FileSection& section, std::vector<RobotCommand>& commands) {
  commands.push_back(ReadOptions<RobotCommand>(section));
  At(section, [&] {
    const RobotCommand& command = commands.back();
    command.range.Check("");
    CheckPlainName("name", command.name);
    CheckPlainName("unit", command.unit);
    if (std::ranges::count(commands, command.name, &RobotCommand::name) > 1) {
      throw OptionError("name", "another [[command]] has this name");
    }
  });
}

// commanded: the actuators of all actions up to this one.
void ReadAction(const FileSection& section, RobotTask& task, std::vector<int>& commanded) {
  RobotAction action;
  const auto maker = ReadChoice<ActionKinds>(section, &RobotAction::kind, action);
  At(section, [&] {
    action.made = maker->Make(action.scale);
    task.actions.emplace_back(std::move(action), task.robot);
    for (const int actuator : task.actions.back().actuators()) {
      if (std::ranges::count(commanded, actuator) > 0) {
        throw OptionError("actuators",
                          "'" + ElementName(*task.robot.model, mjOBJ_ACTUATOR, actuator) +
                              "' belongs to an earlier [[action]]");
      }
      commanded.push_back(actuator);
    }
  });
}

void ReadReward(const FileSection& section, const RobotParts& parts,
                std::vector<RobotReward>& rewards) {
  rewards.push_back(ReadTerm<RobotReward, RewardTerms>(section, parts));
  RobotReward& reward = rewards.back();
  At(section, [&] { CheckPlainName("name", reward.name); });
  if (reward.name.empty()) reward.name = reward.term;
  if (std::ranges::count(rewards, reward.name, &RobotReward::name) > 1) {
    throw UserError(section.origin + ": another [[reward]] is called '" + reward.name +
                    "'; give this one a name");
  }
}

void ReadTerms(const Sections& sections, RobotTask& task) {
  const RobotParts parts{.robot = task.robot, .action_dim = task.action_dim()};
  for (const FileSection* section : sections.Named("observation")) {
    task.observations.push_back(ReadTerm<RobotObservation, ObservationTerms>(*section, parts));
  }
  for (const FileSection* section : sections.Named("reward")) {
    ReadReward(*section, parts, task.rewards);
  }
  for (const FileSection* section : sections.Named("termination")) {
    task.terminations.push_back(ReadTerm<RobotCondition, Conditions>(*section, parts));
  }
  for (const FileSection* section : sections.Named("success")) {
    task.successes.push_back(ReadTerm<RobotCondition, Conditions>(*section, parts));
  }
}

// What takes a whole task: how it is shown, and whether physics holds at its start.
void Complete(const FileSection& section, RobotTask& task) {
  At(section, [&] {
    task.display = RobotDisplays::NewMaker(task.options.display)->Make(task);
    try {
      CheckStart(task);
    } catch (const MujocoError& error) {
      throw OptionError("model", error.what());
    }
  });
}

}  // namespace

Eigen::Index RobotTask::action_dim() const {
  Eigen::Index size = 0;
  for (const ActionGroup& group : actions) size += group.size();
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
  ReadRobot(start, *full, *task);
  for (const FileSection* section : sections.Named("command")) {
    ReadCommand(*section, task->robot.commands);
  }
  std::vector<int> commanded;
  for (const FileSection* section : sections.Named("action")) {
    ReadAction(*section, *task, commanded);
  }
  ReadTerms(sections, *task);
  for (const FileSection* section : sections.Named("randomize")) {
    const auto options = ReadOptions<RandomizationOptions>(*section);
    At(*section, [&] { task->randomizations.emplace_back(options, task->robot); });
  }
  Complete(start, *task);
  task->checksum = RobotChecksum(file, *full);
  task->former_checksum = FormerRobotChecksum(file, *full);
  task->robot.full = nullptr;
  full.reset();
  task->files = FilesOfRobot(file, task->options.model, opened.paths());
  ForgetAssets();
  return task;
}

}  // namespace anole
