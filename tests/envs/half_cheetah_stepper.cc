// Moves the half-cheetah as it is told, for gymnasium_parity_test.py to compare with Gymnasium's.
//
//   half_cheetah_stepper                          prints MuJoCo's version
//   half_cheetah_stepper FAMILY TASK < COMMANDS   obeys these, one a line:
//
//   reset ROLLOUT     an episode begins as training would begin it
//   state QPOS QVEL   an episode begins in this state
//   step ACTION       one control step
//
// Each command is answered by a line: reward, reward terms, observation, qpos, qvel. At 17 digits
// decimal text is exact.
#include <mujoco/mujoco.h>

#include <iomanip>
#include <iostream>
#include <limits>
#include <stdexcept>
#include <string>

#include "envs/mujoco.h"
#include "envs/task_family.h"

namespace anole {
namespace {

void Read(VectorOut numbers) {
  for (double& number : numbers) std::cin >> number;
}

void Write(VectorIn numbers) {
  for (const double number : numbers) std::cout << ' ' << number;
}

void Serve(const std::string& name, double goal) {
  const auto family = TaskFamilies::NewMaker(name)->Make();
  const FamilySpec& spec = family->spec();
  const mjModel& model = family->model();
  const DataPtr data = MakeData(model);
  Eigen::Map<Vector> qpos(data->qpos, model.nq);
  Eigen::Map<Vector> qvel(data->qvel, model.nv);
  const Vector task = Vector::Constant(1, goal);
  Vector memory = Vector::Zero(spec.memory_dim);
  Rng reset = Address().Open(Purpose::kReset);
  Rng observe = Address().Open(Purpose::kObserve);
  Rng step = Address().Open(Purpose::kStep);
  Simulation simulation{model, *data, reset, observe, step, memory};

  std::cout << std::setprecision(std::numeric_limits<double>::max_digits10);
  std::string command;
  while (std::cin >> command) {
    Vector terms = Vector::Zero(static_cast<Eigen::Index>(spec.reward_terms.size()));
    double reward = 0;
    if (command == "step") {
      Vector action(spec.action_dim);
      Read(action);
      reward = family->Step(task, action, simulation, terms).reward;
    } else if (command == "reset") {
      Address address;
      std::cin >> address.rollout;
      reset = address.Open(Purpose::kReset);
      mj_resetData(&model, data.get());
      family->Reset(task, simulation);
    } else if (command == "state") {
      mj_resetData(&model, data.get());
      Read(qpos);
      Read(qvel);
      mj_forward(&model, data.get());
    } else {
      throw std::runtime_error("unknown command " + command);
    }
    if (!std::cin) throw std::runtime_error("bad numbers after " + command);
    Vector observation(spec.observation_dim);
    family->Observe(task, simulation, observation);
    std::cout << reward;
    Write(terms);
    Write(observation);
    Write(qpos);
    Write(qvel);
    std::cout << '\n';
  }
}

}  // namespace
}  // namespace anole

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  if (argc == 3) {
    anole::Serve(argv[1], std::stod(argv[2]));
  } else {
    std::cout << anole::MujocoVersion() << '\n';
  }
  return 0;
}
