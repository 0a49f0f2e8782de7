// A run as Python holds it: what is made of it keeps it.
#pragma once

#include <memory>

#include "tools/run/open_request.h"
#include "tools/run/run.h"

namespace anole::python {

struct SharedRun {
  Run run;
  OpenRequest opened = {};  // where it was opened to use what it has learned
};

using RunPtr = std::shared_ptr<SharedRun>;

}  // namespace anole::python
