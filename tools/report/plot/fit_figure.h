// What a model of one input and one output makes of a task, before it adapts and after: as every
// course draws a fitted sine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agents/supervised/supervised_loop.h"
#include "tools/report/plot/figure.h"

namespace anole::plot {

// A start of learning, and what it is called.
struct FitStart {
  std::string name;
  Learnable state;
};

// A panel for each start, with the task, its examples and the model after each of `updates`. Throws
// UserError where the family is not of one input and one output.
Figure FitFigure(const SupervisedLoop& loop, const std::vector<FitStart>& starts, VectorIn task,
                 const Address& address, const std::vector<std::int64_t>& updates);

}  // namespace anole::plot
