#include "tools/run/run_options.h"

#include <algorithm>

namespace anole {
namespace {

void DescribeStorage(VisitOf<RunOptions> visit) {
  visit(
      "run.log_every", &RunOptions::log_every,
      {.help = "metrics have a row after so many iterations each; 0: each of the first 1000, then "
               "every tenth to 10000, every hundredth to 100000 and so on",
       .unit = "iterations",
       .min = 0,
       .max = 1e9,
       .use = Use::kLength,
       .of_run = true});
  visit("run.checkpoint_every", &RunOptions::checkpoint_every,
        {.help = "checkpoints are written after so many iterations, and at the end",
         .unit = "iterations",
         .min = 1,
         .max = 1e9,
         .use = Use::kLength,
         .of_run = true});
  visit(
      "run.keep_last", &RunOptions::keep_last,
      {.help = "so many of the newest checkpoints are kept, and the best one; 0: all of them; -1: "
               "the newest 10, and up to 40 spread evenly over the run",
       .min = -1,
       .max = 1e9,
       .use = Use::kLength,
       .of_run = true});
  if (const auto where = visit.Where(visit->keep_last > 0, "run.keep_last is above 0")) {
    where("run.keep_every", &RunOptions::keep_every,
          {.help = "checkpoints of multiples of so many iterations are kept as well; 0: none",
           .unit = "iterations",
           .min = 0,
           .max = 1e9,
           .use = Use::kLength,
           .of_run = true});
  }
}

}  // namespace

void RunOptions::Describe(VisitOf<RunOptions> visit) {
  visit("run.seed", &RunOptions::seed,
        {.help = "of everything random in training; --seed for short",
         .min = 0,
         .max = 9e15,
         .use = Use::kStart,
         .of_run = true});
  DescribeStorage(visit);
  visit("run.max_seconds", &RunOptions::max_seconds,
        {.help = "stop after so much time, counted anew at each start; 0: never",
         .unit = "s",
         .min = 0,
         .max = 1e9,
         .use = Use::kLength,
         .of_run = true});
  visit("run.max_env_steps", &RunOptions::max_env_steps,
        {.help = "stop when so many environment steps, or examples, have been consumed; 0: never",
         .min = 0,
         .max = 1e15,
         .use = Use::kLength,
         .of_run = true});
  visit("run.initial", &RunOptions::initial,
        {.help = "safetensors file of parameters to start from; empty: random ones",
         .path = true,
         .use = Use::kTraining});
  if (const auto where = visit.Where(!visit->initial.empty(), "run.initial is set")) {
    where("run.any_family", &RunOptions::any_family,
          {.help = "run.initial may be of another family, if only all shapes are the same",
           .use = Use::kTraining,
           .of_run = true});
  }
}

bool RunOptions::IsLogged(std::int64_t iteration) const {
  constexpr std::int64_t kRows = 1000;
  std::int64_t every = std::max<std::int64_t>(log_every, 1);
  while (log_every == 0 && iteration > kRows * every) every *= 10;
  return iteration % every == 0;
}

}  // namespace anole
