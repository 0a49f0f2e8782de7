#include "envs/families/body_options.h"

namespace anole {

void BodyOptions::Describe(VisitOf<BodyOptions> visit) {
  visit("task.horizon", &BodyOptions::horizon,
        {.help = "length of an episode", .unit = "control steps", .min = 1, .max = 1e6});
  visit("task.control_cost", &BodyOptions::control_cost,
        {.help = "weight of the squared motor commands (clipped) in the reward",
         .min = 0,
         .max = 1e3});
  DescribeModelRewrite(visit, &BodyOptions::model_rewrite);
}

ChosenModel BodyOptions::Load(std::string_view model,
                              const std::vector<ModelChange>& changes) const {
  switch (model_rewrite) {
    case ModelRewrite::kAuto:
      return LoadFasterEmbeddedModel(model, changes);
    case ModelRewrite::kOff:
      break;
  }
  return LoadLeanEmbeddedModel(model);
}

}  // namespace anole
