// Runs for Python: class anole._native.Run.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agents/finite.h"
#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "tools/python/bind.h"
#include "tools/python/calls.h"
#include "tools/python/policy.h"
#include "tools/python/recorded.h"
#include "tools/python/shared_run.h"
#include "tools/python/values.h"
#include "tools/report/config_path.h"
#include "tools/run/evaluation_file.h"
#include "tools/run/goal.h"
#include "tools/run/logs/log.h"
#include "tools/run/logs/metrics_log.h"
#include "tools/run/open_request.h"
#include "tools/run/run.h"
#include "tools/run/task_choice.h"

namespace anole::python {
namespace {

namespace fs = std::filesystem;

// A run's folder; "zoo:NAME" is one as well.
fs::path FolderOf(const std::string& name) {
  return name.starts_with(report::kZooPrefix) ? report::FindZooEntry(name) : fs::path(name);
}

// `settings`, with `changes` on top.
Settings With(Settings settings, const Settings& changes) {
  for (const Setting& setting : changes.all()) settings.Set(setting);
  return settings;
}

// config: a file, or nothing where the changes say all.
Experiment MakeExperiment(const std::optional<std::string>& config, const Settings& changes) {
  return Experiment(
      With(config ? Experiment::ReadToVary(report::FindConfig(*config)) : Settings(), changes));
}

RunPtr Create(const std::optional<std::string>& config, const nb::dict& options,
              const std::string& path, bool overwrite) {
  const Settings changes = ToSettings(options);
  return WithoutPython([&] {
    return std::make_shared<SharedRun>(
        Run::Create(MakeExperiment(config, changes), path, overwrite));
  });
}

// The seed that Create would give a run.
std::int64_t SeedOf(const std::optional<std::string>& config, const nb::dict& options) {
  return MakeExperiment(config, ToSettings(options)).run.seed;
}

RunPtr Resume(const std::string& path, const nb::dict& options) {
  const Settings changes = ToSettings(options);
  return WithoutPython([&] {
    const Settings stored = Settings::FromFile(RunDirectory::Open(path).config());
    return std::make_shared<SharedRun>(Run::Resume(With(stored, changes), path, "resume"));
  });
}

RunPtr Open(const std::string& path, const std::string& theta, const nb::dict& options,
            bool any_family, bool random_too) {
  OpenRequest request{.options = ToTexts(options),
                      .parameters = theta,
                      .any_family = any_family,
                      .random_too = random_too};
  return WithoutPython(
      [&] { return std::make_shared<SharedRun>(Run::Open(FolderOf(path), request), request); });
}

// on_iteration(columns) -> whether to stop. Returns whether numbers ran away, and how it has ended,
// for people.
std::pair<bool, std::string> Train(SharedRun& self, int threads, const nb::object& on_iteration) {
  bool stop = false;
  const auto tell = [&](const Run& /*run*/, const MetricsRow& row) {
    CallPython([&] {
      nb::dict columns;
      for (const auto& [name, value] : row) columns[name.c_str()] = value;
      stop = nb::cast<bool>(nb::bool_(on_iteration(columns)));
    });
  };
  const Observer observer = {.on_iteration = tell,
                             .on_end = [](const Run& run, Stop why) { LogInfo(EndText(run, why)); },
                             .should_stop = [&] { return IsInterrupted() || stop; }};
  const Stop ended = WithoutPython([&] {
    Stop why = Stop::kDone;
    WithThreads(threads, [&] { why = self.run.Train(observer); });
    return why;
  });
  return {ended == Stop::kDiverged, EndText(self.run, ended)};
}

struct Interrupted {};

nb::dict ToPython(const Evaluation& evaluation) {
  nb::dict dict;
  dict["tasks"] = ToNumpy(evaluation.tasks);
  dict["adaptations"] = evaluation.adaptations;
  dict["trained_on"] = evaluation.trained_on;
  dict["scores"] = ToNumpy(evaluation.scores);
  dict["deterministic_scores"] = ToNumpy(evaluation.deterministic_scores);
  dict["successes"] = ToNumpy(evaluation.successes);
  dict["samples"] = ToNumpy(evaluation.samples);
  return dict;
}

// goals: (goals, task parameters), or None for the phase's tasks.
nb::dict Evaluate(SharedRun& self, const std::string& phase,
                  const std::optional<std::vector<std::string>>& goals, bool baseline,
                  int threads) {
  EvaluationRequest request{.phase = ToPhase(phase), .baseline = baseline};
  request.progress = [](std::int64_t, const EvaluationTasks&, bool) {
    if (IsInterrupted()) throw Interrupted();
  };
  const EvaluationRecord record = WithoutPython([&] {
    if (goals) {
      const auto parameters =
          static_cast<Eigen::Index>(self.run.loop().spec().task_parameters.size());
      request.goals.resize(parameters, static_cast<Eigen::Index>(goals->size()));
      for (std::size_t i = 0; i < goals->size(); ++i) {
        request.goals.col(static_cast<Eigen::Index>(i)) = GoalOf((*goals)[i], self.run);
      }
    }
    EvaluationRecord made;
    WithThreads(threads, [&] { made = self.run.Evaluate(request); });
    return made;
  });
  nb::dict dict = ToPython(record.evaluation);
  dict["baseline"] = record.baseline ? nb::object(ToPython(*record.baseline)) : nb::none();
  dict["text"] = EvaluationText(record);
  dict["score"] = record.score;
  dict["higher_is_better"] = record.higher_is_better;
  return dict;
}

nb::dict ToPython(const RunPtr& self, const Adapted& adapted, const std::string& goal,
                  const std::string& what) {
  if (!AllFinite(adapted.state.theta)) {
    throw std::runtime_error(what +
                             ": updates break the parameters, which are not finite any "
                             "more; make " +
                             self->run.experiment().step_name() + " smaller");
  }
  nb::dict dict;
  dict["scores"] = ToNumpy(adapted.scores);
  dict["samples"] = ToNumpy(adapted.samples);
  dict["signature"] = Signature(adapted.state);
  nb::list policies;
  if (self->run.control_loop() != nullptr) {
    for (Eigen::Index k = 0; k < adapted.trajectory.cols(); ++k) {
      policies.append(
          Policy(self, {.theta = adapted.trajectory.col(k),
                        .goal = k > 0 ? goal : "",
                        .updates = k > 0 ? std::optional(std::int64_t{k}) : std::nullopt}));
    }
  }
  dict["policies"] = policies;
  dict["trajectory"] = ToNumpy(adapted.trajectory);
  return dict;
}

// goal: as typed, or None; then task: the number of one of an evaluation, or None for a further
// one.
nb::dict Adapt(const RunPtr& self, const std::optional<std::string>& goal,
               const std::optional<std::int64_t>& task, int threads) {
  AdaptationRequest request;
  const Adapted adapted = WithoutPython([&] {
    const Run& run = self->run;
    run.CheckParametersMove();
    if (goal) {
      request = {GoalOf(*goal, run), 0};
    } else {
      request = task ? TestTask(*task, run) : FurtherTask(run);
    }
    Adapted made;
    WithThreads(threads, [&] { made = run.Adapt(request); });
    return made;
  });
  const std::string typed = TypedGoal(request.task);
  nb::dict dict = ToPython(self, adapted, typed, "goal " + typed);
  dict["task"] = ToNumpy(request.task);
  return dict;
}

nb::dict AdaptToEpisodes(const RunPtr& self, const nb::list& batches, int threads) {
  const ControlLoop* const loop = self->run.control_loop();
  if (loop == nullptr) {
    throw UserError(self->run.experiment().family() +
                    ": its tasks are learned from data; there are no episodes");
  }
  const auto episodes = ToBatches(batches, loop->family().spec());
  const Adapted adapted = WithoutPython([&] {
    Adapted made;
    WithThreads(threads, [&] { made = self->run.AdaptTo(episodes); });
    return made;
  });
  return ToPython(self, adapted, "", "episodes");
}

nb::object PolicyOf(const RunPtr& self) {
  if (self->run.control_loop() == nullptr) {
    throw UserError(self->run.experiment().family() +
                    ": its tasks are learned from data; there is no policy");
  }
  return nb::cast(Policy(self, {.theta = self->run.state().theta}));
}

// {"task.family": "sine"}: as texts of TOML.
nb::list Options(SharedRun& self) {
  nb::list options;
  for (const OptionDescription& option : self.run.experiment().Options()) {
    options.append(nb::make_tuple(option.name, option.default_value));
  }
  return options;
}

nb::dict ReadMetricsOf(const std::string& file) {
  const MetricsTable table = ReadMetrics(file);
  nb::dict columns;
  for (std::size_t c = 0; c < table.names.size(); ++c) {
    Vector column(static_cast<Eigen::Index>(table.rows.size()));
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      column[static_cast<Eigen::Index>(r)] = table.rows[r][c];
    }
    columns[table.names[c].c_str()] = ToNumpy(column);
  }
  return columns;
}

std::vector<std::string> CheckpointsOf(const SharedRun& self) {
  std::vector<std::string> files;
  for (const fs::path& file : self.run.directory().checkpoints().Files()) files.push_back(file);
  return files;
}

}  // namespace

void BindRuns(nb::module_& module) {
  module.def("add_config_folder",
             [](const std::string& folder) { report::AddConfigFolder(folder); });
  module.def("configs", report::KnownConfigs,
             "Names of the configs that come with anole: what `train` takes.");
  module.def(
      "zoo",
      [] {
        std::vector<std::string> names;
        for (const fs::path& folder : report::ZooEntries()) {
          names.push_back(std::string(report::kZooPrefix) + folder.filename().string());
        }
        return names;
      },
      "Trained parameters that come with anole: what `Run` takes.");
  module.def("available_threads", AvailableThreads);
  // Raises UserError where so many cannot be started.
  module.def("check_threads", [](int threads) { const ThreadArena probe(threads); });
  module.def("seed_of", SeedOf, nb::arg("config").none(), nb::arg("options"));
  nb::class_<SharedRun>(module, "Run", "A run in its folder; see anole.Run.")
      .def_static("create", Create, nb::arg("config").none(), nb::arg("options"), nb::arg("path"),
                  nb::arg("overwrite"))
      .def_static("resume", Resume, nb::arg("path"), nb::arg("options"))
      .def_static("open", Open, nb::arg("path"), nb::arg("theta"), nb::arg("options"),
                  nb::arg("any_family"), nb::arg("random_too"))
      .def("train", Train, nb::arg("threads"), nb::arg("on_iteration"))
      .def("evaluate", Evaluate, nb::arg("phase"), nb::arg("goals").none(), nb::arg("baseline"),
           nb::arg("threads"))
      .def("adapt", Adapt, nb::arg("goal").none(), nb::arg("task").none(), nb::arg("threads"))
      .def("adapt_to_episodes", AdaptToEpisodes, nb::arg("episodes"), nb::arg("threads"))
      .def("policy", PolicyOf)
      .def_prop_ro("family", [](const SharedRun& self) { return self.run.experiment().family(); })
      .def("options", Options)
      .def("checkpoints", CheckpointsOf)
      .def("metrics",
           [](const SharedRun& self) { return ReadMetricsOf(self.run.directory().metrics()); })
      .def_prop_ro("path",
                   [](const SharedRun& self) { return self.run.directory().path().string(); })
      .def_prop_ro("score", [](const SharedRun& self) { return self.run.loop().spec().score; })
      .def_prop_ro("iteration", [](const SharedRun& self) { return self.run.state().iteration; })
      .def_prop_ro("samples", [](const SharedRun& self) { return self.run.state().samples; })
      .def_prop_ro("signature", [](const SharedRun& self) { return Signature(self.run.state()); });
}

}  // namespace anole::python
