// Runs that are drawn as one curve.
#pragma once

#include <string>
#include <vector>

#include "tools/report/plot/run_data.h"

namespace anole::plot {

struct Group {
  std::string name, long_name;  // the long one where two groups have the same name
  // Runs that differ in nothing but their seeds; several lists where methods are pooled (experts,
  // one for each direction).
  std::vector<std::vector<RunData>> methods;
};

// Each path is a run, or a sweep: the folder of a comparison. Runs that differ in nothing but their
// seeds are one group, and so is each row of a sweep's table. Throws UserError where a path is
// neither, or where they do not belong into one figure.
std::vector<Group> ReadGroups(const std::vector<std::string>& paths);

}  // namespace anole::plot
