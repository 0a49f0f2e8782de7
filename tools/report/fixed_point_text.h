// What a line's run has learned beside where its training would end, in words.
#pragma once

#include <string>

#include "tools/run/run.h"

namespace anole::report {

// Three lines: theta, the fixed point in closed form, how far they are apart. Empty where the run's
// model is no line, or has no such point.
std::string FixedPointText(const Run& run);

}  // namespace anole::report
