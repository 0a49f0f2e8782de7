// Comparisons for Python: anole._native.compare.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "agents/parallel_for.h"
#include "tools/python/bind.h"
#include "tools/report/compare/report.h"
#include "tools/report/compare/spec.h"
#include "tools/report/compare/sweep.h"

namespace anole::python {
namespace {

namespace nb = nanobind;

// The results of a comparison in `folder`, as JSON; what is done already is not done again.
std::string Compare(const std::string& spec_file, const std::string& folder,
                    const std::optional<std::vector<std::int64_t>>& seeds, int threads) {
  std::string json;
  bool finished = false;
  std::exception_ptr raised;
  {
    const nb::gil_scoped_release others_may_run;
    compare::CompareSpec spec = compare::ReadCompareSpec(spec_file);
    if (seeds) {
      spec.seeds = *seeds;
      compare::CheckReported(spec, spec.seeds, "seeds");
    }
    compare::CheckSweep(spec, folder);
    compare::CompareResult result;
    const auto interrupted = [&] {
      const nb::gil_scoped_acquire python;
      if (raised) return true;
      if (PyErr_CheckSignals() == 0) return false;
      try {
        nb::raise_python_error();
      } catch (...) {
        raised = std::current_exception();
      }
      return true;
    };
    const compare::SweepObserver observer = {.train =
                                                 [&](Run& run, const Communicator& ranks) {
                                                   run.Train({.should_stop = interrupted}, ranks);
                                                   if (raised) std::rethrow_exception(raised);
                                                 },
                                             .on_evaluation = {}};
    WithThreads(threads,
                [&] { finished = compare::RunSweep(spec, folder, Alone(), observer, result); });
    if (finished) {
      compare::WriteReports(result, folder);
      json = compare::JsonReport(result);
    }
  }
  return json;
}

}  // namespace

void BindReports(nb::module_& module) {
  module.def("compare", Compare, nb::arg("spec"), nb::arg("folder"), nb::arg("seeds").none(),
             nb::arg("threads"));
}

}  // namespace anole::python
