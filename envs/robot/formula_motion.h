// The functions of formulas that tell what a [[motion]] is like.
#pragma once

#include <vector>

#include "envs/robot/formula.h"

namespace anole {

std::vector<FormulaFunction> FunctionsOfMotions();

}  // namespace anole
