// How the body of a run is simulated, for people.
#pragma once

#include <string>

#include "agents/inner_loop.h"

namespace anole {

// "exact rewrite in use: 8 pairs of geoms"; "" where nothing is simulated.
std::string SimulatedText(const InnerLoop& loop);

}  // namespace anole
