#include "envs/robot/robot_start.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "configs/user_error.h"

namespace anole {

void RobotStart::Begin(const mjModel& model, mjData& data) const {
  const auto copy = [](const Vector& from, mjtNum* to) {
    std::copy_n(from.data(), from.size(), to);
  };
  copy(qpos, data.qpos);
  copy(qvel, data.qvel);
  copy(warm_start, data.qacc_warmstart);
  copy(act, data.act);
  copy(ctrl, data.ctrl);
  copy(mocap_pos, data.mocap_pos);
  copy(mocap_quat, data.mocap_quat);
  copy(plugin_state, data.plugin_state);
  // What acts with a delay has been commanded alike before.
  for (std::size_t i = 0; i < histories.size(); ++i) {
    if (histories[i].size() == 0) continue;
    mj_initCtrlHistory(&model, &data, static_cast<int>(i), nullptr, histories[i].data());
  }
}

void CheckNoDelays(const std::string& option, const mjModel& model) {
  if (model.nhistory == 0) return;
  throw OptionError(option,
                    "is not for models whose actuators or sensors have a delay: what they remember "
                    "would be of before the episode");
}

RobotStart StartOf(const mjModel& model, const mjData& data, StartNoise noise) {
  const auto copy = [](const mjtNum* values, mjtSize size) -> Vector {
    return Eigen::Map<const Vector>(values, static_cast<Eigen::Index>(size));
  };
  std::vector<Vector> histories;
  for (int i = 0; i < model.nactuator; ++i) {
    const Eigen::Index length = model.actuator_history[std::ptrdiff_t{2} * i];
    histories.emplace_back(Vector::Constant(length, data.ctrl[model.actuator_ctrladr[i]]));
  }
  return {.qpos = copy(data.qpos, model.nq),
          .qvel = copy(data.qvel, model.nv),
          .warm_start = copy(data.qacc_warmstart, model.nv),
          .act = copy(data.act, model.na),
          .ctrl = copy(data.ctrl, model.nu),
          .mocap_pos = copy(data.mocap_pos, 3 * model.nmocap),
          .mocap_quat = copy(data.mocap_quat, 4 * model.nmocap),
          .plugin_state = copy(data.plugin_state, model.npluginstate),
          .histories = std::move(histories),
          .noise = std::move(noise)};
}

}  // namespace anole
