// A trial: several episodes of a task that a policy goes through without forgetting (Duan et al.
// 2016, "RL^2", section 2.2).
#pragma once

#include <span>

#include "agents/control/episode.h"

namespace anole {

// All of them as one long episode, so that advantages reach over their ends. What follows an
// episode that diverged is left out, and that itself: its last reward is not known. Where this
// leaves nothing, the trial is the first episode, diverged.
Episode JoinTrial(std::span<const Episode> episodes);

}  // namespace anole
