// Episodes that Python has recorded.
#pragma once

#include <nanobind/nanobind.h>

#include <vector>

#include "agents/control/episode.h"
#include "envs/task_family.h"

namespace anole::python {

// Batches of episodes, each a dict with "observations" (steps, observation_dim), "actions" (steps,
// action_dim), "rewards" (steps), and if they are known "log_probs" (steps) and "end", one of
// "time_limit", "terminated", "diverged". Throws UserError, which names batch, episode and step.
std::vector<std::vector<Episode>> ToBatches(const nanobind::list& batches, const FamilySpec& spec);

}  // namespace anole::python
