// The options of every simulated body, and how it is loaded with them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "configs/option.h"
#include "envs/model_rewrite.h"
#include "envs/mujoco.h"

namespace anole {

struct BodyOptions {
  std::int64_t horizon = 200;  // [control steps]
  double control_cost = 0;
  ModelRewrite model_rewrite = ModelRewrite::kAuto;

  static void Describe(VisitOf<BodyOptions> visit);

  // `model` of envs/models, lean (envs/lean_model.h), rewritten or not. changes: of tasks; see
  // FasterModel.
  ChosenModel Load(std::string_view model, const std::vector<ModelChange>& changes = {}) const;
};

}  // namespace anole
