// A body that moves freely, by a <freejoint>: which one does, and how it is turned.
#pragma once

#include <mujoco/mujoco.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace anole {

// The id of the <freejoint> that `body` moves by; -1: it moves otherwise or not at all. MuJoCo
// lets a free joint have no other beside it.
inline int FreeJointOf(const mjModel& model, int body) {
  const int joint = model.body_jntadr[body];
  return joint >= 0 && model.jnt_type[joint] == mjJNT_FREE ? joint : -1;
}

// The first body that moves freely; 0, the world: none does.
inline int FirstFreeBody(const mjModel& model) {
  for (int body = 1; body < model.nbody; ++body) {
    if (FreeJointOf(model, body) >= 0) return body;
  }
  return 0;
}

// Turns a unit quaternion [w, x, y, z] by another one, in the world's axes.
inline void TurnBy(const std::array<mjtNum, 4>& turn, mjtNum* quaternion) {
  std::array<mjtNum, 4> turned{};
  mju_mulQuat(turned.data(), turn.data(), quaternion);
  std::ranges::copy(turned, quaternion);
}

// The same about the world's z axis by `angle` [rad].
inline void TurnAboutZ(double angle, mjtNum* quaternion) {
  TurnBy({std::cos(angle / 2), 0, 0, std::sin(angle / 2)}, quaternion);
}

}  // namespace anole
