#include "tools/python/calls.h"

#include <csignal>

#include "tools/run/process/interrupt.h"

namespace anole::python {

std::exception_ptr& Raised() {
  thread_local std::exception_ptr raised;
  return raised;
}

bool IsInterrupted() {
  // Signals come to Python's main thread alone; on all others this asks for nothing.
  return !CallPython([] {
    if (PyErr_CheckSignals() != 0) nb::raise_python_error();
  });
}

void LeaveSignalsToPython() {
  LeaveSignals([] { return IsInterrupted() ? SIGINT : 0; });
}

}  // namespace anole::python
