#include "envs/robot/task_checks.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "configs/user_error.h"
#include "envs/random.h"

namespace anole {
namespace {

// A robot at its start, as terms see it.
class StartState {
 public:
  explicit StartState(const RobotTask& task)
      : task_(task),
        data_(task.robot.AtStart()),
        actions_(Vector::Zero(task.action_dim())),
        commands_(static_cast<Eigen::Index>(task.robot.commands.size())),
        motions_(
            Vector::Zero(Motion::kKept * static_cast<Eigen::Index>(task.robot.motions.size()))),
        kept_(Vector::Zero(task.kept.memory_size())) {
    for (Eigen::Index i = 0; i < commands_.size(); ++i) {
      commands_[i] = task.robot.commands[static_cast<std::size_t>(i)].range.range[0];
    }
    Rng rng = Address().Open(Purpose::kModel);
    Eigen::Index row = 0;
    for (const auto& motion : task.robot.motions) {
      const auto kept = motions_.segment(row, Motion::kKept);
      motion->Begin(motion->clips().range[0], rng, kept);
      if (motion->options().start) motion->Start(kept, *data_);
      row += Motion::kKept;
    }
    if (row > 0) mj_forward(task.robot.model.get(), data_.get());
    task.kept.Begin(state(), kept_);
  }

  RobotState state() const {
    return {.model = *task_.robot.model,
            .data = *data_,
            .commands = commands_,
            .action = actions_,
            .previous_action = actions_,
            .earlier_action = actions_,
            .motions = motions_,
            .kept = kept_};
  }

 private:
  const RobotTask& task_;
  DataPtr data_;
  Vector actions_, commands_, motions_, kept_;
};

}  // namespace

namespace {

// Throws OptionError of `option`, whose start it is.
void CheckStart(const RobotTask& task, const RobotStart& start, const std::string& option) {
  const mjModel& model = *task.robot.model;
  const DataPtr data = task.robot.At(start);
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
  throw OptionError(option, "physics diverges from this start within one control step");
}

}  // namespace

void CheckStart(const RobotTask& task) {
  CheckStart(task, task.robot.start, task.options.keyframe.empty() ? "model" : "keyframe");
}

void CheckStart(const RobotTask& task, const OtherStart& other) {
  CheckStart(task, other.start, "keyframe");
}

std::optional<std::size_t> RewardWithoutNumber(const RobotTask& task) {
  const StartState start(task);
  for (std::size_t i = 0; i < task.rewards.size(); ++i) {
    const RobotReward& reward = task.rewards[i];
    if (!std::isfinite(reward.weight * reward.made->Value(start.state()))) return i;
  }
  return {};
}

const RobotObservation* ObservationWithoutNumber(const RobotTask& task) {
  const StartState start(task);
  const auto is_none = [&](const RobotObservation& seen) {
    Vector numbers(seen.frame());
    seen.made->Write(start.state(), numbers);
    constexpr double kLargest = 1e30;  // its square has to be a number, too
    return !((seen.scale * numbers).cwiseAbs().maxCoeff() < kLargest);
  };
  for (const auto* list : {&task.observations, &task.privileged}) {
    const auto found = std::ranges::find_if(*list, is_none);
    if (found != list->end()) return &*found;
  }
  return nullptr;
}

void CheckNotPlaced(const RobotTask& task) {
  const Randomization& last = task.randomizations.back();
  for (const int body : last.moved_bodies()) {
    for (const Placement& placement : task.placements.all()) {
      if (!placement.in_model() || !IsWithin(*task.robot.model, placement.part(), body)) continue;
      throw OptionError("target", "'" + placement.options().of +
                                      "' is put somewhere by a [[place]]; it, or what it is fixed "
                                      "to, cannot be moved as well");
    }
  }
}

// At the ends of their ranges.
void CheckTogether(const RobotTask& task) {
  for (const Phase phase : {Phase::kTrain, Phase::kTest}) {
    for (double TaskRange::* const end : {&TaskRange::low, &TaskRange::high}) {
      const ModelPtr model = CopyModel(*task.robot.model);
      for (const Randomization& randomization : task.randomizations) {
        const double value = randomization.options().range.Of(phase).*end;
        randomization.Apply(Vector::Constant(randomization.count(), value), *model);
      }
      task.randomizations.back().CheckNumbers(*model);
    }
  }
}

}  // namespace anole
