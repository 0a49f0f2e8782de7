#include "envs/task_model.h"

namespace anole {

TaskModel::TaskModel(const TaskFamily& family) : family_(family) {
  if (family.varies_model()) own_ = std::make_unique<VaryingModel>(family.model());
}

const mjModel& TaskModel::Prepare(VectorIn task, const Address& episode, mjData& data) {
  const mjModel* model = &family_.model();
  if (own_ != nullptr) {
    mjModel& varied = own_->Restore();
    Rng rng = episode.Open(Purpose::kModel);
    family_.Configure(task, rng, varied);
    mj_setConst(&varied, &data);  // what derives from masses, inertias, positions
    model = &varied;
  }
  // Not only qpos and qvel: what mj_resetData also clears, such as the solver's warm start, would
  // otherwise leak from the last episode into this one.
  mj_resetData(model, &data);
  return *model;
}

}  // namespace anole
