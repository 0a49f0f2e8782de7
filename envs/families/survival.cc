#include "envs/families/survival.h"

#include "configs/user_error.h"

namespace anole {

void Survival::Describe(VisitOf<Survival> visit) {
  visit("task.alive_bonus", &Survival::bonus,
        {.help = "reward of each step that ends within healthy_height", .min = 0, .max = 1e3});
  visit("task.healthy_height", &Survival::height,
        {.help = "lowest and highest place of the root; an episode ends outside",
         .unit = "m",
         .min = -100,
         .max = 100,
         .min_size = 2,
         .max_size = 2});
}

void Survival::Check() const {
  if (height[0] > height[1]) {
    throw OptionError("task.healthy_height", "the lowest height is above the highest");
  }
}

}  // namespace anole
