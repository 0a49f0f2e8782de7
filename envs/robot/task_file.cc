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

// An entry whose `term` has options of its own.
template <class Entry, class Terms>
Entry ReadTerm(const FileSection& section, const RobotParts& parts) {
  Entry entry;
  OptionLister lister;
  Entry::Describe({entry, lister});
  for (const auto& [name, term] : Terms::entries()) {
    lister.set_owner(name);
    term.maker()->Describe(lister);
  }
  std::unique_ptr<typename Terms::Maker> maker;
  const auto describe = [&](OptionSource& source) {
    Entry::Describe({entry, source});
    maker = Terms::NewMaker(entry.term);
    maker->Describe(source);
  };
  Read(section, describe, lister.options());
  OptionLister chosen;
  maker->Describe(chosen);
  for (const OptionDescription& option : chosen.options()) {
    if (section.settings.Find(option.name) == nullptr) continue;
    entry.told += (entry.told.empty() ? "" : ", ") + option.name + " = " + option.default_value;
  }
  entry.made = At(section, [&] { return maker->Make(parts); });
  return entry;
}

template <class Options>
SectionReference ReferenceOf(const std::string& name) {
  OptionLister lister;
  Options::Describe({Options(), lister});
  return {name, lister.options(), {}};
}

template <class Entry, class Terms>
SectionReference ReferenceOfTerms(const std::string& name) {
  SectionReference reference = ReferenceOf<Entry>(name);
  for (const auto& [term, entry] : Terms::entries()) {
    OptionLister lister;
    entry.maker()->Describe(lister);
    reference.terms.push_back({term, entry.summary, lister.options()});
  }
  return reference;
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

}  // namespace

void RobotOptions::Describe(VisitOf<RobotOptions> visit) {
  visit("model", &RobotOptions::model,
        {.help = "MJCF file, from the folder of this one", .path = true, .min_size = 1});
  visit("keyframe", &RobotOptions::keyframe,
        {.help = "of the model, by its name or \"#0\", \"#1\" ...: the start, with its velocities, "
                 "activations, controls and mocap bodies; empty: its qpos0"});
  visit("control_dt", &RobotOptions::control_dt,
        {.help = "control step", .unit = "s", .max = 1e3, .positive = true});
  visit("physics_dt", &RobotOptions::physics_dt,
        {.help = "physics step, of which a control step is a multiple; 0: the model's",
         .unit = "s",
         .min = 0,
         .max = 1});
  visit("horizon", &RobotOptions::horizon,
        {.help = "length of an episode", .unit = "control steps", .min = 1, .max = 1e6});
  visit("position_noise", &RobotOptions::position_noise,
        {.help = "hinges and slides start within +- this of the start",
         .unit = "rad or m",
         .min = 0,
         .max = 1e3});
  visit("velocity_noise", &RobotOptions::velocity_noise,
        {.help = "all velocities start within +- this", .min = 0, .max = 1e3});
  visit("diverged_reward", &RobotOptions::diverged_reward,
        {.help = "of each step that an episode misses because physics diverged; less than of any "
                 "other step",
         .min = -1e9,
         .max = 0});
  std::string help = "how pictures show what is asked for";
  for (const auto& [name, entry] : RobotDisplays::entries()) {
    help += (help.find(':') == std::string::npos ? ": " : "; ") + name + ", " + entry.summary;
  }
  visit("display", &RobotOptions::display, {.help = help, .choices = RobotDisplays::names()});
}

void RobotObservation::Describe(VisitOf<RobotObservation> visit) {
  visit("term", &RobotObservation::term,
        {.help = "what is seen", .choices = ObservationTerms::names()});
  visit("scale", &RobotObservation::scale,
        {.help = "its numbers times this", .min = -1e9, .max = 1e9});
  visit("noise", &RobotObservation::noise,
        {.help = "standard deviation, in the term's unit", .min = 0, .max = 1e9});
  visit("clip", &RobotObservation::clip,
        {.help = "scaled numbers stay within +- this; 0: all", .min = 0, .max = 1e9});
}

void RobotReward::Describe(VisitOf<RobotReward> visit) {
  visit("term", &RobotReward::term,
        {.help = "what earns or costs", .choices = RewardTerms::names()});
  visit("name", &RobotReward::name, {.help = "in tables and plots; empty: the term's"});
  visit("weight", &RobotReward::weight, {.help = "of the term", .min = -1e9, .max = 1e9});
}

void RobotCondition::Describe(VisitOf<RobotCondition> visit) {
  visit("term", &RobotCondition::term, {.help = "what is checked", .choices = Conditions::names()});
}

Eigen::Index RobotTask::action_dim() const {
  Eigen::Index size = 0;
  for (const ActionGroup& group : actions) size += group.size();
  return size;
}

std::vector<SectionReference> RobotFileReference() {
  return {ReferenceOf<RobotOptions>("[robot]"),
          ReferenceOf<RobotCommand>("[[command]]"),
          ReferenceOf<ActionOptions>("[[action]]"),
          ReferenceOfTerms<RobotObservation, ObservationTerms>("[[observation]]"),
          ReferenceOfTerms<RobotReward, RewardTerms>("[[reward]]"),
          ReferenceOfTerms<RobotCondition, Conditions>("[[termination]] and [[success]]"),
          ReferenceOf<RandomizationOptions>("[[randomize]]")};
}

std::unique_ptr<const RobotTask> ReadRobotTask(const std::filesystem::path& file) {
  const Sections sections(file);
  auto task = std::make_unique<RobotTask>();
  Robot& robot = task->robot;
  const FileSection& start = *sections.Named("robot")[0];
  task->options = ReadOptions<RobotOptions>(start);
  const std::string& path = task->options.model;
  const double physics_dt = task->options.physics_dt;
  const OpenedFiles opened;
  ModelPtr full = At(start, [&] { return LoadRobotModel(path, physics_dt, &opened); });
  SetModel(At(start, [&] { return LoadLeanRobotModel(path, physics_dt, *full); }), *full, robot);
  robot.model_name = std::filesystem::path(task->options.model).filename().string();
  At(start, [&] {
    const std::string& keyframe = task->options.keyframe;
    const int key = keyframe.empty() ? -1 : robot.Find(mjOBJ_KEY, "keyframe", keyframe);
    robot.start = StartOf(*robot.model, key);
    task->physics_steps = PhysicsSteps(task->options, *robot.model);
  });

  for (const FileSection* section : sections.Named("command")) {
    robot.commands.push_back(ReadOptions<RobotCommand>(*section));
    At(*section, [&] {
      robot.commands.back().range.Check("");
      const std::string& name = robot.commands.back().name;
      CheckPlainName("name", name);
      CheckPlainName("unit", robot.commands.back().unit);
      if (std::ranges::count(robot.commands, name, &RobotCommand::name) > 1) {
        throw OptionError("name", "another [[command]] has this name");
      }
    });
  }

  std::vector<int> commanded;
  for (const FileSection* section : sections.Named("action")) {
    const auto options = ReadOptions<ActionOptions>(*section);
    At(*section, [&] {
      task->actions.emplace_back(options, robot);
      for (const int actuator : task->actions.back().actuators()) {
        if (std::ranges::count(commanded, actuator) > 0) {
          throw OptionError("actuators", "'" + ElementName(*robot.model, mjOBJ_ACTUATOR, actuator) +
                                             "' belongs to an earlier [[action]]");
        }
        commanded.push_back(actuator);
      }
    });
  }

  const RobotParts parts{.robot = robot, .action_dim = task->action_dim()};
  for (const FileSection* section : sections.Named("observation")) {
    task->observations.push_back(ReadTerm<RobotObservation, ObservationTerms>(*section, parts));
  }
  for (const FileSection* section : sections.Named("reward")) {
    task->rewards.push_back(ReadTerm<RobotReward, RewardTerms>(*section, parts));
    RobotReward& reward = task->rewards.back();
    At(*section, [&] { CheckPlainName("name", reward.name); });
    if (reward.name.empty()) reward.name = reward.term;
    if (std::ranges::count(task->rewards, reward.name, &RobotReward::name) > 1) {
      throw UserError(section->origin + ": another [[reward]] is called '" + reward.name +
                      "'; give this one a name");
    }
  }
  for (const FileSection* section : sections.Named("termination")) {
    task->terminations.push_back(ReadTerm<RobotCondition, Conditions>(*section, parts));
  }
  for (const FileSection* section : sections.Named("success")) {
    task->successes.push_back(ReadTerm<RobotCondition, Conditions>(*section, parts));
  }
  for (const FileSection* section : sections.Named("randomize")) {
    const auto options = ReadOptions<RandomizationOptions>(*section);
    At(*section, [&] { task->randomizations.emplace_back(options, robot); });
  }

  At(start, [&] {
    task->display = RobotDisplays::NewMaker(task->options.display)->Make(*task);
    try {
      CheckStart(*task);
    } catch (const MujocoError& error) {
      throw OptionError("model", error.what());
    }
  });
  task->checksum = RobotChecksum(file, *full);
  task->former_checksum = FormerRobotChecksum(file, *full);
  robot.full = nullptr;
  full.reset();
  task->files = FilesOfRobot(file, task->options.model, opened.paths());
  ForgetAssets();
  return task;
}

}  // namespace anole
