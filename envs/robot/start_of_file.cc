#include "envs/robot/start_of_file.h"

#include <cstddef>
#include <string>
#include <vector>

#include "configs/user_error.h"
#include "envs/mujoco.h"
#include "envs/robot/episode_start.h"
#include "envs/robot/redraws.h"
#include "envs/robot/robot_start.h"
#include "envs/robot/start_value.h"

namespace anole {
namespace {

constexpr std::int64_t kMostSettling = 1'000'000;  // physics steps

// [robot] position_noise of hinges and slides.
StartNoise NoiseOf(const RobotOptions& options, const mjModel& model) {
  StartNoise noise{.uniform = Vector::Zero(model.nq), .normal = Vector::Zero(model.nq)};
  for (int joint = 0; joint < model.njnt; ++joint) {
    if (model.jnt_type[joint] != mjJNT_HINGE && model.jnt_type[joint] != mjJNT_SLIDE) continue;
    noise.uniform[model.jnt_qposadr[joint]] = options.position_noise;
  }
  return noise;
}

// Throws OptionError of "keyframe".
DataPtr AtKeyframe(const Robot& robot, const std::string& keyframe) {
  DataPtr data = MakeData(*robot.model);
  mj_resetDataKeyframe(robot.model.get(), data.get(), robot.Find(mjOBJ_KEY, "keyframe", keyframe));
  return data;
}

RobotStart Settled(const RobotTask& task, std::int64_t steps, const RobotStart& start) {
  const mjModel& model = *task.robot.model;
  const DataPtr data = MakeData(model);
  start.Begin(model, *data);
  SettleByControls(task, steps, model, *data);
  if (!IsHealthy(model, *data)) throw OptionError("settle", "physics diverges meanwhile");
  return StartOf(model, *data, start.noise);
}

}  // namespace

void ReadStart(const FileSections& sections, RobotTask& task) {
  const FileSection& section = *sections.Named("robot")[0];
  Robot& robot = task.robot;
  const RobotOptions& options = task.options;
  const mjModel& model = *robot.model;
  const DataPtr data = At(section, [&] {
    return options.keyframe.empty() ? MakeData(model) : AtKeyframe(robot, options.keyframe);
  });
  StartNoise noise = NoiseOf(options, model);
  double others = 0;
  const std::vector<const FileSection*> said = sections.Named("start");
  for (std::size_t i = 0; i < said.size(); ++i) {
    const auto start = ReadOptions<StartValue>(*said[i]);
    At(*said[i], [&] {
      start.Check();
      if (start.keyframe.empty()) return start.Apply(robot, *data, noise);
      others += start.share;
      if (others > 1) throw OptionError("share", "those of all keyframes are more than 1 together");
      robot.other_starts.push_back({start.keyframe, start.share, i,
                                    StartOf(model, *AtKeyframe(robot, start.keyframe), noise)});
    });
  }
  robot.start = StartOf(model, *data, noise);
  for (OtherStart& other : robot.other_starts) other.start.noise = noise;
  if (options.held.empty()) return;
  At(section, [&] {
    for (const int joint : robot.FindJoints("held", options.held)) {
      robot.held.push_back(model.jnt_qposadr[joint]);
    }
  });
}

void SettleStart(const FileSections& sections, RobotTask& task) {
  const RobotOptions& options = task.options;
  if (options.settle == 0) return;
  At(*sections.Named("robot")[0], [&] {
    const std::int64_t steps = StepsOf("settle", options.settle, options.control_dt);
    CheckSettling(steps, task);
    task.robot.start = Settled(task, steps, task.robot.start);
    for (OtherStart& other : task.robot.other_starts) {
      other.start = Settled(task, steps, other.start);
    }
  });
}

void CheckSettling(std::int64_t steps, const RobotTask& task) {
  if (steps * task.physics_steps <= kMostSettling) return;
  throw OptionError("settle", "is more than " + std::to_string(kMostSettling) + " physics steps");
}

}  // namespace anole
