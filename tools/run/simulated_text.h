// How the body of a run is simulated, for people.
#pragma once

#include <string>

#include "agents/inner_loop.h"

namespace anole {

// "by the plain model, for no faster one is used: bodies may sleep"; "" where nothing is simulated.
std::string SimulatedText(const InnerLoop& loop);

}  // namespace anole
