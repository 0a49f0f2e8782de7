// anole check-export: an exported policy beside the run that it is of.
#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "tools/app/command.h"
#include "tools/app/run_choice.h"
#include "tools/app/terminal_log.h"
#include "tools/export/check/comparison.h"
#include "tools/export/check/policy_record.h"
#include "tools/run/files/file_blocks.h"
#include "tools/run/logs/log.h"
#include "tools/run/run.h"

namespace anole::app {
namespace {

namespace fs = std::filesystem;

exports::ExportedPolicy PolicyOf(const exports::PolicyRecord& told, const Run& run,
                                 const fs::path& folder) {
  const ControlLoop* const loop = run.control_loop();
  if (loop == nullptr || loop->policy_shape().size() != told.parameters.size()) {
    throw UserError(run.directory().path().string() + ": is another run than that of " +
                    folder.string());
  }
  exports::Source source{
      .theta = Learned(run.state()).theta, .goal = told.goal, .updates = told.updates};
  source.theta.head(told.parameters.size()) = told.parameters;
  exports::ExportedPolicy policy = exports::Export(run, source);
  if (Signature(policy.learned) != told.signature) {
    throw UserError(run.directory().path().string() + ": has other parameters than " +
                    folder.string() + " was exported from");
  }
  return policy;
}

// Whether all files are there; what has changed is told.
bool AreThere(const exports::PolicyRecord& told, const fs::path& folder) {
  bool there = true;
  for (const auto& [name, fingerprint] : told.files) {
    const std::string now = FingerprintOfFile(folder / name).value_or("");
    if (now == fingerprint) continue;
    there = there && !now.empty();
    LogWarning(fmt::format("{}: {}", (folder / name).string(),
                           now.empty() ? "is missing" : "has changed since it was exported"));
  }
  return there;
}

// "3.1e-07"; "-" where there is none.
std::string Number(const std::optional<double>& number, const char* format) {
  return number ? fmt::format(fmt::runtime(format), *number) : "-";
}

void Print(const exports::Comparison& comparison) {
  fmt::print("actions on {} observations of the run's own episodes\n", comparison.observations);
  fmt::print("             largest difference   time of one\n");
  const auto row = [](const char* name, const std::optional<double>& difference,
                      const std::optional<double>& seconds) {
    if (!difference && !seconds) return;
    fmt::print("  {:<10} {:>18}   {:>8} us\n", name, Number(difference, "{:.1e}"),
               seconds ? fmt::format("{:.2f}", *seconds * 1e6) : "-");
  };
  row("anole", {}, comparison.program_seconds);
  row("C", comparison.c_actions, comparison.c_seconds);
  row("ONNX", comparison.onnx_actions, comparison.onnx_seconds);
  fmt::print("difference: of a number of an action from anole's, over 1 + its size\n");
  if (comparison.c_actions) {
    fmt::print("{}, on examples that are kept in it (anole_selfcheck)\n",
               comparison.selfcheck == 0
                   ? "the C code computes what it should"
                   : fmt::format("the C code FAILS with status {}", comparison.selfcheck));
  }
  if (comparison.c_returns.size() == 0) return;
  fmt::print(
      "\nmean return over tasks, of anole and of the C code that learns by itself\n"
      "updates      anole   C less anole            its parameters, from anole's episodes\n");
  for (Eigen::Index k = 0; k < comparison.c_returns.size(); ++k) {
    const double difference = comparison.c_returns[k] - comparison.program_returns[k];
    const double error = comparison.errors[k];
    const std::string off = k == 0 ? "" : fmt::format("{:.1e} away", comparison.parameters[k - 1]);
    fmt::print("{:>7} {:>10.4g}   {:<23} {}\n", k, comparison.program_returns[k],
               std::isfinite(error) ? fmt::format("{:+.2g} +- {:.2g}", difference, error)
                                    : fmt::format("{:+.2g}", difference),
               off);
  }
  fmt::print("+-: standard error over tasks of the difference\n");
}

int RunCheckExport(const CommandLine& line) {
  const int threads = Threads(line);
  const fs::path folder = OnlyPositional(line, "DIR, what `anole export` made");
  const exports::PolicyRecord told = exports::ReadPolicyRecord(folder);
  const fs::path path = line.Get("run").value_or(told.run.string());
  if (!RunDirectory::IsOne(path)) {
    throw UserError(fmt::format("{}: the run of {} is not there; say by --run where it is",
                                path.string(), folder.string()));
  }
  OpenRequest request = told.opened;
  const OpenRequest typed = RequestOf(line, {"updates", "rollouts", "seed", "tasks"});
  request.options.insert(request.options.end(), typed.options.begin(), typed.options.end());
  const Run run = Run::Open(path, request);
  const exports::ExportedPolicy policy = PolicyOf(told, run, folder);
  const EvaluationTasks tasks = TasksOf(run.loop(), Phase::kTest, run.experiment().evaluation);
  exports::Comparison comparison;
  WithThreads(threads, [&] { comparison = exports::Compare(policy, folder, tasks.tasks); });
  Print(comparison);
  if (fs::exists(folder / "policy.onnx") && !comparison.onnx_actions) {
    LogInfo("policy.onnx was not run: python3 has no onnxruntime");
  }
  if (!AreThere(told, folder)) return kExitFailure;
  if (comparison.empty()) {
    LogWarning("nothing in " + folder.string() + " can be run here, so nothing was compared");
    return kExitFailure;
  }
  if (comparison.close()) return 0;
  LogWarning("the exported policy computes something else than the run");
  return kExitFailure;
}

const RegisterCommand registration(
    {.place = 8,
     .name = "check-export",
     .usage = "anole check-export DIR [--run RUN] [--tasks N] [--updates K] [--rollouts M]",
     .summary =
         "Compares an exported policy with the run that it is of. The C code is compiled, acts, "
         "records and learns by itself on the tasks of `anole evaluate`; ONNX is run where python3 "
         "has onnxruntime. Exits 1 where they differ by more than single precision does.",
     .flags = {{"run", "RUN", "where the run is; default: where it was when it was exported"},
               {"tasks", "N", "to adapt to; default: the run's evaluation.tasks"},
               kUpdatesFlag,
               kRolloutsFlag,
               {"seed", "N", "of tasks and episodes; default: the run's evaluation.seed"},
               kThreadsFlag,
               kQuietFlag,
               kLogLevelFlag},
     .max_positionals = 1,
     .run = RunCheckExport});

}  // namespace
}  // namespace anole::app
