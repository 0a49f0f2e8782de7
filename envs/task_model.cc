#include "envs/task_model.h"

namespace anole {

TaskModel::TaskModel(const TaskFamily& family) : family_(family) {
  if (family.varies_model()) copy_ = CopyModel(family.model());
}

const mjModel& TaskModel::Prepare(VectorIn task, const Address& episode, mjData& data) {
  if (copy_ != nullptr) {
    mj_copyModel(copy_.get(), &family_.model());
    Rng rng = episode.Open(Purpose::kModel);
    family_.Configure(task, rng, *copy_);
    mj_setConst(copy_.get(), &data);  // what derives from masses, inertias, positions
  }
  const mjModel& model = copy_ != nullptr ? *copy_ : family_.model();
  // Not only qpos and qvel: what mj_resetData also clears, such as the solver's warm start, would
  // otherwise leak from the last episode into this one.
  mj_resetData(&model, &data);
  return model;
}

}  // namespace anole
