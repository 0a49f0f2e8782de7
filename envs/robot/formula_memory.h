// The functions of formulas that remember what was: start, before, most, total and the like.
#pragma once

#include <vector>

#include "envs/robot/formula.h"

namespace anole {

std::vector<FormulaFunction> FunctionsOfMemory();

}  // namespace anole
