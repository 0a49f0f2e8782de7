// Moves a family's body as it is told, for gymnasium_parity_test.py to compare with Gymnasium's.
//
//   family_stepper                          prints MuJoCo's version
//   family_stepper FAMILY TASK [--task.OPTION=VALUE ...] < COMMANDS
//                                           TASK: "1.5" or "0.1,-0.2"; obeys these, one a line:
//
//   reset ROLLOUT     an episode begins as training would begin it
//   state QPOS QVEL   an episode begins in this state
//   step ACTION       one control step
//
// Each command is answered by a line: reward, terminated (0 or 1), reward terms, observation, qpos,
// qvel. At 17 digits decimal text is exact.
#include <mujoco/mujoco.h>

#include <iomanip>
#include <iostream>
#include <limits>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "configs/reader.h"
#include "configs/settings.h"
#include "envs/mujoco.h"
#include "envs/stage.h"

namespace anole {
namespace {

void Read(VectorOut numbers) {
  for (double& number : numbers) std::cin >> number;
}

void Write(VectorIn numbers) {
  for (const double number : numbers) std::cout << ' ' << number;
}

// "0.1,-0.2"
Vector TaskOf(const std::string& text) {
  std::vector<double> numbers;
  std::istringstream words(text);
  for (std::string word; std::getline(words, word, ',');) numbers.push_back(std::stod(word));
  return Eigen::Map<const Vector>(numbers.data(), static_cast<Eigen::Index>(numbers.size()));
}

// options: "--task.option=value"
std::unique_ptr<TaskFamily> MakeFamily(const std::string& name,
                                       const std::vector<std::string>& options) {
  Settings settings;
  for (const std::string& option : options) {
    const std::size_t equals = option.find('=');
    if (!option.starts_with("--") || equals == std::string::npos) {
      throw std::runtime_error("bad option " + option);
    }
    settings.Set(option.substr(2, equals - 2), option.substr(equals + 1));
  }
  const auto maker = TaskFamilies::NewMaker(name);
  SettingsReader reader(settings);
  maker->Describe(reader);
  reader.RejectUnknown({});
  return maker->Make();
}

void Serve(const TaskFamily& family, const Vector& task) {
  const FamilySpec& spec = family.spec();
  if (task.size() != static_cast<Eigen::Index>(spec.task_parameters.size())) {
    throw std::runtime_error("a task has " + std::to_string(spec.task_parameters.size()) +
                             " numbers");
  }
  Stage stage(family);
  stage.Reset(task, {});
  const mjModel& model = stage.model();
  mjData& data = stage.data();
  Eigen::Map<Vector> qpos(data.qpos, model.nq);
  Eigen::Map<Vector> qvel(data.qvel, model.nv);

  std::cout << std::setprecision(std::numeric_limits<double>::max_digits10);
  std::string command;
  while (std::cin >> command) {
    Vector terms = Vector::Zero(stage.reward_terms().size());
    Outcome outcome;
    if (command == "step") {
      Vector action(spec.action_dim);
      Read(action);
      outcome = stage.Step(action, terms);
    } else if (command == "reset") {
      Address address;
      std::cin >> address.rollout;
      stage.Reset(task, address);
    } else if (command == "state") {
      stage.Reset(task, {});
      mj_resetData(&model, &data);
      Read(qpos);
      Read(qvel);
      mj_forward(&model, &data);
    } else {
      throw std::runtime_error("unknown command " + command);
    }
    if (!std::cin) throw std::runtime_error("bad numbers after " + command);
    std::cout << outcome.reward << ' ' << outcome.terminated;
    Write(terms);
    Write(stage.Observe());
    Write(qpos);
    Write(qvel);
    std::cout << '\n';
  }
}

}  // namespace
}  // namespace anole

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() < 2) {
    std::cout << anole::MujocoVersion() << '\n';
    return 0;
  }
  try {
    const auto family = anole::MakeFamily(words[0], {words.begin() + 2, words.end()});
    anole::Serve(*family, anole::TaskOf(words[1]));
  } catch (const std::exception& error) {
    std::cerr << "family_stepper: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
