// The parts of the module `anole._native`, each in a file of its own.
#pragma once

#include <nanobind/nanobind.h>

namespace anole::python {

void BindEnvironments(nanobind::module_& module);
void BindRuns(nanobind::module_& module);
void BindPolicies(nanobind::module_& module);
void BindReports(nanobind::module_& module);
void BindLog(nanobind::module_& module);

}  // namespace anole::python
