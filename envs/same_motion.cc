#include "envs/same_motion.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <numeric>
#include <vector>

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

// geoms: the ids in the model of `contact` of those of the other's; -1 is none of a flex.
bool SameGeoms(const mjContact& contact, const mjContact& other, std::span<const int> geoms) {
  return std::equal(contact.geom, contact.geom + 2, other.geom, [&](int geom, int other_geom) {
    return geom == (other_geom < 0 ? other_geom : geoms[static_cast<std::size_t>(other_geom)]);
  });
}

bool SameContact(const mjContact& contact, const mjContact& other, std::span<const int> geoms) {
  return SameGeoms(contact, other, geoms) && contact.dim == other.dim &&
         contact.efc_address == other.efc_address && SameBits(&contact.dist, &other.dist, 1) &&
         SameBits(contact.pos, other.pos, 3) && SameBits(contact.frame, other.frame, 9) &&
         SameBits(&contact.includemargin, &other.includemargin, 1) &&
         SameBits(contact.friction, other.friction, 5) &&
         SameBits(contact.solref, other.solref, mjNREF) &&
         SameBits(contact.solreffriction, other.solreffriction, mjNREF) &&
         SameBits(contact.solimp, other.solimp, mjNIMP);
}

bool SameState(const mjModel& model, const mjData& data, const mjData& other,
               std::span<const int> geoms) {
  return SameBits(data.qpos, other.qpos, model.nq) && SameBits(data.qvel, other.qvel, model.nv) &&
         SameBits(data.qacc, other.qacc, model.nv) && SameBits(data.act, other.act, model.na) &&
         SameBits(data.qacc_warmstart, other.qacc_warmstart, model.nv) &&
         SameBits(data.sensordata, other.sensordata, model.nsensordata) &&
         std::equal(data.contact, data.contact + data.ncon, other.contact,
                    other.contact + other.ncon,
                    [&](const mjContact& contact, const mjContact& other_contact) {
                      return SameContact(contact, other_contact, geoms);
                    });
}

bool SameSizes(const mjModel& model, const mjModel& other) {
  return model.nq == other.nq && model.nv == other.nv && model.nu == other.nu &&
         model.na == other.na && model.nbody == other.nbody && model.nkey == other.nkey &&
         model.nsensordata == other.nsensordata;
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

MotionTrial TryMotion(const mjModel& model, const mjModel& other, std::span<const int> geoms) {
  MotionTrial trial;
  trial.same = SameSizes(model, other) && std::ssize(geoms) == other.ngeom;
  if (!trial.same) return trial;
  const DataPtr data = MakeData(model);
  const DataPtr other_data = MakeData(other);
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
        trial.touched = trial.touched || data->ncon > 0;
      }
      trial.steps += kSteps;
      trial.same = SameState(model, *data, *other_data, geoms);
      if (!trial.same) return trial;
    }
  }
  return trial;
}

MotionTrial TryMotion(const mjModel& model, const mjModel& other) {
  if (model.ngeom != other.ngeom) return {.same = false};
  std::vector<int> geoms(static_cast<std::size_t>(model.ngeom));
  std::iota(geoms.begin(), geoms.end(), 0);
  return TryMotion(model, other, geoms);
}

bool SameMotion(const mjModel& model, const mjModel& other) {
  const MotionTrial trial = TryMotion(model, other);
  return trial.same && (trial.touched || (model.npair == 0 && other.npair == 0));
}

}  // namespace anole
