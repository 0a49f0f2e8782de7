// What a task file changes of its model before that is compiled: actuators and contact pairs that
// the MJCF lacks, and which geoms may touch.
#pragma once

#include <mujoco/mujoco.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "configs/option.h"
#include "configs/words.h"

namespace anole {

enum class AddedKind { kMotor, kPosition, kVelocity };

constexpr auto WordsOf(AddedKind) {
  return Words<AddedKind>({{AddedKind::kMotor, "motor"},
                           {AddedKind::kPosition, "position"},
                           {AddedKind::kVelocity, "velocity"}});
}

// One [[actuator]]: one for each of some joints, called as its joint.
struct AddedActuators {
  std::string joints;
  AddedKind kind = AddedKind::kPosition;
  double kp = 0;           // force per error of position [N m/rad or N/m]
  double kd = 0;           // force per velocity [N m s/rad or N s/m]
  double gear = 1;         // of a motor: force per control
  double force_limit = 0;  // [N m or N]; 0: none
  std::vector<double> control_range;
  std::vector<std::string> chosen;  // names of the joints

  static void Describe(VisitOf<AddedActuators> visit);

  // Finds the joints in `model`, which has none of these actuators. Throws OptionError.
  void Choose(const mjModel& model, const std::string& model_name);
};

// One [[pair]]: geoms that may touch others, whatever else may touch.
struct AddedPairs {
  std::string geoms, with;
  std::int64_t condim = 0;       // 0: the larger of the two geoms'
  std::vector<double> friction;  // sliding, torsional [m], rolling [m]; empty: of the geoms
  std::vector<std::pair<std::string, std::string>> chosen;  // names of geoms

  static void Describe(VisitOf<AddedPairs> visit);

  // Finds the geoms in `model`, which has none of these pairs. Throws OptionError.
  void Choose(const mjModel& model, const std::string& model_name);
};

struct ModelEdits {
  double physics_dt = 0;  // [s]; 0: as in the model
  std::vector<AddedActuators> actuators;
  std::vector<AddedPairs> pairs;
  std::vector<int> colliding;  // the geoms that may touch others; empty: as in the model

  // spec: as parsed. files: through which MuJoCo opens those that it names.
  void Apply(mjSpec& spec, const mjVFS* files) const;
};

// The ids of the geoms that `patterns` chooses. Throws OptionError of "colliding".
std::vector<int> ChooseColliding(const mjModel& model, const std::string& model_name,
                                 const std::string& patterns);

}  // namespace anole
