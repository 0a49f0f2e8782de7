// Comparisons for Python: anole._native.compare.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <optional>
#include <string>

#include "agents/parallel_for.h"
#include "tools/python/bind.h"
#include "tools/python/calls.h"
#include "tools/report/compare/report.h"
#include "tools/report/compare/spec.h"
#include "tools/report/compare/sweep.h"
#include "tools/report/seeds.h"

namespace anole::python {
namespace {

// The results of a comparison in `folder`, as JSON; what is done already is not done again. seeds:
// "1,2,3", or nothing for those of the specification.
std::string Compare(const std::string& spec_file, const std::string& folder,
                    const std::optional<std::string>& seeds, int threads) {
  return WithoutPython([&] {
    compare::CompareSpec spec = compare::ReadCompareSpec(spec_file);
    if (seeds) {
      spec.seeds = report::ParseSeeds("seeds", *seeds);
      compare::CheckReported(spec, spec.seeds, "seeds");
    }
    compare::CheckSweep(spec, folder);
    compare::CompareResult result;
    WithThreads(threads, [&] { compare::RunSweep(spec, folder, Alone(), {}, result); });
    if (IsInterrupted()) return std::string();  // which is raised
    compare::WriteReports(result, folder);
    return compare::JsonReport(result);
  });
}

}  // namespace

void BindReports(nanobind::module_& module) {
  module.def("compare", Compare, nanobind::arg("spec"), nanobind::arg("folder"),
             nanobind::arg("seeds").none(), nanobind::arg("threads"));
}

}  // namespace anole::python
