// The module anole._native: what the package anole (tools/python/anole) is made of.
#include <nanobind/nanobind.h>

#include <exception>
#include <filesystem>
#include <stdexcept>

#include "configs/user_error.h"
#include "tools/python/bind.h"
#include "tools/python/calls.h"
#include "tools/python/shared_run.h"

namespace nb = nanobind;

NB_MODULE(_native, module) {
  using anole::UserError;
  namespace python = anole::python;
  nb::exception<UserError>(module, "UserError", PyExc_ValueError).doc() =
      "A mistake in what was asked for, in the words of the program; nothing has been changed.";
  nb::exception<python::Diverged>(module, "DivergedError", PyExc_RuntimeError).doc() =
      "Numbers ran away; the last good state of a training is kept, as the text says.";
  nb::register_exception_translator([](const std::exception_ptr& thrown, void* /*unused*/) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::filesystem::filesystem_error& error) {
      PyErr_SetString(PyExc_OSError, error.what());
    } catch (const std::logic_error& error) {
      // Python's own kinds of them; the others are of a call that comes too early or too late.
      const bool is_value = dynamic_cast<const std::invalid_argument*>(&error) != nullptr;
      const bool is_index = dynamic_cast<const std::out_of_range*>(&error) != nullptr;
      PyObject* const usage = is_index ? PyExc_IndexError : PyExc_RuntimeError;
      PyErr_SetString(is_value ? PyExc_ValueError : usage, error.what());
    }
  });
  module.attr("version") = ANOLE_VERSION;
  python::LeaveSignalsToPython();
  python::BindLog(module);
  python::BindEnvironments(module);
  python::BindRuns(module);
  python::BindPolicies(module);
  python::BindReports(module);
}
