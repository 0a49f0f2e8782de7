// The episodes of an adaptation that a film shows.
#pragma once

#include <cstdint>
#include <vector>

#include "tools/render/film.h"
#include "tools/run/run.h"

namespace anole::render {

// After each of these numbers of updates the first of the episodes that score it, of one
// adaptation. Throws std::runtime_error where updates break the parameters. Of a run with a
// control_loop().
std::vector<Take> TakesOf(const Run& run, const AdaptationRequest& request,
                          const std::vector<std::int64_t>& updates);

}  // namespace anole::render
