// What anole tells, into Python's logging: anole._native.set_log_listener.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <memory>
#include <string>

#include "tools/python/bind.h"
#include "tools/python/calls.h"
#include "tools/run/logs/log.h"

namespace anole::python {
namespace {

namespace nb = nanobind;

const char* NameOf(LogLevel level) {
  if (level == LogLevel::kInfo) return "info";
  return level == LogLevel::kWarning ? "warning" : "error";
}

// listener(level, text), or None. It is called by whatever thread tells something.
void SetListener(nb::object listener) {
  if (listener.is_none()) {
    const nb::gil_scoped_release others_may_run;
    return SetLogListener({});
  }
  // Given back with the lock of the interpreter, which a copy of the function may lack.
  const auto kept = std::shared_ptr<nb::object>(new nb::object(std::move(listener)), [](auto* old) {
    const nb::gil_scoped_acquire python;
    delete old;
  });
  const nb::gil_scoped_release others_may_run;
  SetLogListener([kept](LogLevel level, const std::string& text) {
    const nb::gil_scoped_acquire python;
    try {
      (*kept)(NameOf(level), text);
    } catch (nb::python_error& error) {
      if (error.matches(PyExc_Exception)) {  // a logger's own trouble ends no training
        error.discard_as_unraisable("anole's log");
      } else if (!Raised()) {  // as Ctrl-C
        Raised() = std::current_exception();
      }
    }
  });
}

}  // namespace

void BindLog(nb::module_& module) {
  module.def("set_log_listener", SetListener, nb::arg("listener").none());
}

}  // namespace anole::python
