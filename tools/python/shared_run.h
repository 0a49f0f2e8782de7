// A run as Python holds it: what is made of it keeps it.
#pragma once

#include <memory>
#include <stdexcept>

#include "tools/run/open_request.h"
#include "tools/run/run.h"

namespace anole::python {

struct SharedRun {
  Run run;
  OpenRequest opened = {};  // where it was opened to use what it has learned
};

// Numbers ran away.
class Diverged : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using RunPtr = std::shared_ptr<SharedRun>;

}  // namespace anole::python
