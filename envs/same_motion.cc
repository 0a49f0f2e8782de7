#include "envs/same_motion.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

#include "envs/linear_algebra.h"
#include "envs/mujoco.h"
#include "envs/random.h"

namespace anole {
namespace {

constexpr int kActions = 100;
constexpr int kSteps = 5;  // per action

// One per episode. The first is as in use; the second lands on all sides of a body.
constexpr std::array kActionScale = {1., 10.};   // [range of the action]
constexpr std::array kPositionScale = {.1, 1.};  // [rad, m]
constexpr std::array kVelocityScale = {.1, 1.};  // [rad/s, m/s]

// -0 is not 0, and a NaN may equal a NaN.
template <class T>
bool SameBits(const T* values, const T* others, mjtSize size) {
  return std::memcmp(values, others, static_cast<std::size_t>(size) * sizeof(T)) == 0;
}

bool SameContact(const mjContact& contact, const mjContact& other) {
  return SameBits(contact.geom, other.geom, 2) && contact.dim == other.dim &&
         contact.efc_address == other.efc_address && SameBits(&contact.dist, &other.dist, 1) &&
         SameBits(contact.pos, other.pos, 3) && SameBits(contact.frame, other.frame, 9) &&
         SameBits(&contact.includemargin, &other.includemargin, 1) &&
         SameBits(contact.friction, other.friction, 5) &&
         SameBits(contact.solref, other.solref, mjNREF) &&
         SameBits(contact.solreffriction, other.solreffriction, mjNREF) &&
         SameBits(contact.solimp, other.solimp, mjNIMP);
}

bool SameState(const mjModel& model, const mjData& data, const mjData& other) {
  return SameBits(data.qpos, other.qpos, model.nq) && SameBits(data.qvel, other.qvel, model.nv) &&
         SameBits(data.qacc, other.qacc, model.nv) && SameBits(data.act, other.act, model.na) &&
         SameBits(data.qacc_warmstart, other.qacc_warmstart, model.nv) &&
         SameBits(data.sensordata, other.sensordata, model.nsensordata) &&
         std::equal(data.contact, data.contact + data.ncon, other.contact,
                    other.contact + other.ncon, SameContact);
}

bool SameSizes(const mjModel& model, const mjModel& other) {
  return model.nq == other.nq && model.nv == other.nv && model.nu == other.nu &&
         model.na == other.na && model.nbody == other.nbody && model.ngeom == other.ngeom &&
         model.nkey == other.nkey && model.nsensordata == other.nsensordata;
}

void Begin(const mjModel& model, int episode, Rng rng, mjData& data) {
  if (model.nkey > 0) {
    mj_resetDataKeyframe(&model, &data, episode % static_cast<int>(model.nkey));
  } else {
    mj_resetData(&model, &data);
  }
  const auto index = static_cast<std::size_t>(episode);
  Vector change(model.nv);
  for (double& value : change) value = kPositionScale[index] * rng.Normal();
  mj_integratePos(&model, data.qpos, change.data(), 1);  // turns quaternions rightly
  for (int i = 0; i < model.nv; ++i) data.qvel[i] += kVelocityScale[index] * rng.Normal();
}

void Act(const mjModel& model, int episode, Rng& rng, mjData& data) {
  const double scale = kActionScale[static_cast<std::size_t>(episode)];
  for (int i = 0; i < model.nu; ++i) {
    const bool limited = model.actuator_ctrllimited[i] != 0;
    const mjtNum* const range = model.actuator_ctrlrange + std::ptrdiff_t{2} * i;
    const double low = limited ? range[0] : -1, high = limited ? range[1] : 1;
    data.ctrl[i] = (low + high + scale * rng.Uniform(-1, 1) * (high - low)) / 2;
  }
}

}  // namespace

bool SameMotion(const mjModel& model, const mjModel& other) {
  if (!SameSizes(model, other)) return false;
  const DataPtr data = MakeData(model);
  const DataPtr other_data = MakeData(other);
  int touches = 0;
  for (int episode = 0; episode < static_cast<int>(kActionScale.size()); ++episode) {
    const Address address{.rollout = episode};
    Begin(model, episode, address.Open(Purpose::kReset), *data);
    Begin(other, episode, address.Open(Purpose::kReset), *other_data);
    Rng actions = address.Open(Purpose::kAction);
    for (int action = 0; action < kActions; ++action) {
      Act(model, episode, actions, *data);
      std::copy_n(data->ctrl, model.nu, other_data->ctrl);
      for (int step = 0; step < kSteps; ++step) {
        mj_step(&model, data.get());
        mj_step(&other, other_data.get());
        touches += data->ncon;
      }
      if (!SameState(model, *data, *other_data)) return false;
    }
  }
  return touches > 0 || (model.npair == 0 && other.npair == 0);
}

}  // namespace anole
