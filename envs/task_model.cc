#include "envs/task_model.h"

namespace anole {

TaskModel::TaskModel(const TaskFamily& family) : family_(family) {
  if (family.varies_model()) own_ = std::make_unique<VaryingModel>(family.model());
}

const mjModel& TaskModel::Prepare(VectorIn task, const Address& episode, mjData& data,
                                  std::int64_t iteration) {
  const mjModel* model = &family_.model();
  if (family_.varies_model()) {
    mjModel& varied = own_->Restore();
    Rng rng = episode.Open(Purpose::kModel);
    family_.Configure(task, iteration, rng, varied);
    mj_setConst(&varied, &data);  // what derives from masses, inertias, positions
    model = &varied;
  } else {
    own_.reset();  // what Change may have made
  }
  // Not only qpos and qvel: what mj_resetData also clears, such as the solver's warm start, would
  // otherwise leak from the last episode into this one.
  mj_resetData(model, &data);
  return *model;
}

const mjModel& TaskModel::Change(const std::function<void(mjModel&)>& change) {
  if (own_ == nullptr) own_ = std::make_unique<VaryingModel>(family_.model());
  mjModel& model = own_->model();
  change(model);
  const DataPtr scratch = MakeData(model);  // mj_setConst moves the body to its reference pose
  mj_setConst(&model, scratch.get());
  return model;
}

}  // namespace anole
