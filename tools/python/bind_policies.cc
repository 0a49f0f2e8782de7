// Policies for Python: class anole._native.Policy.
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "agents/inner_loop.h"
#include "agents/parallel_for.h"
#include "configs/suggest.h"
#include "configs/user_error.h"
#include "tools/export/export_folder.h"
#include "tools/export/export_format.h"
#include "tools/export/parameter_file.h"
#include "tools/python/bind.h"
#include "tools/python/calls.h"
#include "tools/python/policy.h"

namespace anole::python {

Policy::Policy(RunPtr run, exports::Source source)
    : run_(std::move(run)),
      source_(std::move(source)),
      policy_(loop().Policy(source_.theta, run_->run.state().context)),
      memory_(policy_.MakeMemory()) {
  Forget();
}

void Policy::Act(const Eigen::Map<const Matrix>& observations, Eigen::Map<Matrix> actions) {
  for (Eigen::Index i = 0; i < observations.cols(); ++i) {
    policy_.Mean(observations.col(i), memory_, actions.col(i));
  }
}

namespace {

// With the interpreter's lock: the memory is one thread's at a time.
void Act(Policy& self, const ConstRows& observations, Rows actions) {
  const FamilySpec& spec = self.loop().family().spec();
  const std::int64_t seen = self.acting().observation_dim();
  const bool fits = observations.shape(0) == actions.shape(0) &&
                    static_cast<std::int64_t>(observations.shape(1)) == seen &&
                    static_cast<std::int64_t>(actions.shape(1)) == spec.action_dim;
  if (!fits) {
    throw std::invalid_argument("observations have " + std::to_string(observations.shape(1)) +
                                " numbers each; the policy takes " + std::to_string(seen));
  }
  self.Act(View(observations), View(actions));
}

// {"policy.0.weight": array}: copies, in the shapes that parameter files have.
nb::dict Parameters(const Policy& self) {
  nb::dict parameters;
  Eigen::Index offset = 0;
  for (const Block& block : self.loop().spec().layout.theta) {
    nb::list shape;
    for (const std::int64_t size : block.shape) shape.append(size);
    const Vector values = self.source().theta.segment(offset, block.size());
    parameters[block.name.c_str()] = ToNumpy(values).attr("reshape")(nb::tuple(shape));
    offset += block.size();
  }
  return parameters;
}

void CheckFormats(const std::vector<std::string>& formats) {
  std::vector<std::string> known;
  for (const auto& [name, format] : exports::ExportFormats()) known.push_back(name);
  for (const std::string& name : formats) {
    if (std::ranges::count(known, name) > 0) continue;
    throw UserError("no format is called '" + name + "'" + Suggestion(name, known));
  }
}

void Export(const Policy& self, std::vector<std::string> formats, const std::string& folder) {
  CheckFormats(formats);
  if (formats.empty()) {
    for (const auto& [name, format] : exports::ExportFormats()) formats.push_back(name);
  }
  WithoutPython([&] {
    exports::CheckExportFolder(folder);
    WithThreads(1, [&] {
      exports::WriteExport(exports::Export(self.run().run, self.source()), self.run().opened,
                           formats, folder);
    });
  });
}

void Save(const Policy& self, const std::string& file) {
  const nb::gil_scoped_release others_may_run;
  WithThreads(
      1, [&] { exports::WriteParameters(exports::Export(self.run().run, self.source()), file); });
}

}  // namespace

void BindPolicies(nb::module_& module) {
  nb::class_<Policy>(module, "Policy", "Parameters of a run, as a policy; see anole.Policy.")
      .def("act", Act, nb::arg("observations"), nb::arg("actions").noconvert())
      .def("forget", &Policy::Forget)
      .def_prop_ro("feedback_dim",
                   [](const Policy& self) { return self.loop().policy_shape().feedback_dim; })
      .def_prop_ro("observation_dim",
                   [](const Policy& self) { return self.acting().observation_dim(); })
      .def_prop_ro("action_dim",
                   [](const Policy& self) { return self.loop().family().spec().action_dim; })
      .def_prop_ro("action_range",
                   [](const Policy& self) { return self.loop().family().spec().action_range; })
      .def_prop_ro("log_std", [](const Policy& self) { return ToNumpy(self.acting().log_std()); })
      .def_prop_ro("theta", [](const Policy& self) { return ToNumpy(self.source().theta); })
      .def_prop_ro("parameters", Parameters)
      .def("export", Export, nb::arg("formats"), nb::arg("folder"))
      .def("save", Save, nb::arg("file"));
}

}  // namespace anole::python
