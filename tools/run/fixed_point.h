// Where training and adaptation would end, where that can be known without them: a linear model
// whose tasks own their examples moves by an affine map of its parameters, and the parameters that
// such a map leaves where they are solve a linear system.
#pragma once

#include <optional>

#include "agents/supervised/supervised_loop.h"
#include "tools/run/experiment.h"

namespace anole {

// Whether the loop's model is a line y = intercept + slope * x, so that its parameters are a slope
// and an intercept, in this order.
bool IsLine(const SupervisedLoop& loop);

// (parameters): the theta that a meta-iteration does not move. Nothing where that depends on which
// iteration it is, as with other tasks in each, or where the direction is no affine function of
// theta. Of a few parameters only.
std::optional<Vector> MetaFixedPoint(const Experiment& experiment, const SupervisedLoop& loop);

// (parameters): where adaptation to one task ends after ever more updates, the best fit to its
// examples. Nothing as above.
std::optional<Vector> TaskFixedPoint(const SupervisedLoop& loop, VectorIn task);

}  // namespace anole
