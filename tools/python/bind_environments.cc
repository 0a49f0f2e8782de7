// Environments for Python: class anole._native.Environments.
#include <nanobind/nanobind.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "configs/user_error.h"
#include "tools/python/bind.h"
#include "tools/python/calls.h"
#include "tools/python/camera.h"
#include "tools/python/environments.h"
#include "tools/python/shared_run.h"
#include "tools/python/values.h"
#include "tools/run/experiment.h"

namespace anole::python {
namespace {

std::unique_ptr<TaskFamily> FamilyOf(const Experiment& experiment) {
  if (!experiment.rolls_out()) {
    throw UserError(experiment.family() +
                    ": its tasks are learned from data; there is no environment");
  }
  return WithoutPython([&] { return experiment.MakeFamily(); });
}

std::unique_ptr<TaskFamily> MakeFamily(const std::string& name, const nb::dict& options) {
  Settings settings = ToSettings(options);
  settings.Set("task.family", name);
  return FamilyOf(WithoutPython([&] { return Experiment(settings); }));
}

nb::dict ToPython(const FamilySpec& spec) {
  nb::dict dict;
  dict["observation_dim"] = spec.observation_dim;
  dict["action_dim"] = spec.action_dim;
  dict["horizon"] = spec.horizon;
  dict["action_range"] = spec.action_range;
  dict["control_dt"] = spec.control_dt;
  dict["diverged_reward"] = spec.diverged_reward;
  dict["has_success"] = spec.has_success;
  dict["task_parameters"] = ToPairs(spec.task_parameters);
  dict["reward_terms"] = ToPairs(spec.reward_terms);
  nb::list train, test;
  for (const TaskRanges& ranges : spec.task_ranges) {
    train.append(nb::make_tuple(ranges.train.low, ranges.train.high));
    test.append(nb::make_tuple(ranges.test.low, ranges.test.high));
  }
  dict["task_ranges"] = train;
  dict["test_task_ranges"] = test;
  nb::list observations, actions, warnings;
  for (const ObservationPart& part : spec.observations) {
    nb::dict entry;
    entry["name"] = part.name;
    entry["unit"] = part.unit;
    entry["size"] = part.size;
    entry["scale"] = part.scale;
    entry["clip"] = part.clip;
    observations.append(entry);
  }
  for (const ActionPart& part : spec.actions) {
    nb::dict entry;
    entry["actuator"] = part.actuator;
    entry["quantity"] = part.quantity;
    entry["unit"] = part.unit;
    entry["offset"] = part.offset;
    entry["scale"] = part.scale;
    actions.append(entry);
  }
  for (const std::string& warning : spec.warnings) warnings.append(warning);
  dict["observations"] = observations;
  dict["actions"] = actions;
  dict["warnings"] = warnings;
  return dict;
}

Autoreset ToMode(const std::string& name) {
  if (name == "NextStep") return Autoreset::kNextStep;
  if (name == "SameStep") return Autoreset::kSameStep;
  if (name == "Disabled") return Autoreset::kDisabled;
  throw UserError("autoreset_mode = \"" + name + "\": it is NextStep, SameStep or Disabled");
}

std::int64_t Checked(const Environments& all, std::int64_t i) {
  if (i < 0 || i >= all.size())
    throw std::out_of_range("there is no environment " + std::to_string(i));
  return i;
}

// May be used by several threads of Python, one after the other. After Close nothing may.
class Shared {
 public:
  Shared(const std::string& family, const nb::dict& options, std::int64_t count, int threads,
         const std::string& phase)
      : environments_(std::make_unique<Environments>(MakeFamily(family, options), count, threads,
                                                     ToPhase(phase))) {}

  // Of the very tasks of a run.
  Shared(const RunPtr& run, std::int64_t count, int threads, const std::string& phase)
      : environments_(std::make_unique<Environments>(FamilyOf(run->run.experiment()), count,
                                                     threads, ToPhase(phase))) {}

  // What `use` does with the environments while no other thread does.
  template <class Use>
  auto With(const Use& use) {
    const nb::gil_scoped_release others_may_run;
    const std::scoped_lock alone(mutex_);
    if (!environments_) throw std::logic_error("the environment is closed");
    return use(*environments_);
  }

  // Pictures are to be of this kind. OpenGL is first asked for when one is drawn: whoever asks for
  // a render_mode, as some libraries always do, need not look.
  void Film(int width, int height, const std::string& camera) {
    film_ = {.width = width, .height = height, .camera = camera};
  }

  nb::object Draw(std::int64_t i) {
    auto* const image = With([&](Environments& all) {
      if (!film_) throw std::logic_error("render_mode is not \"rgb_array\"");
      if (!all.has_begun(Checked(all, i))) {
        throw std::logic_error("the first episode has not begun: call reset");
      }
      if (!camera_) {
        camera_ = std::make_unique<Camera>(all, film_->width, film_->height, film_->camera);
      }
      return new render::Image(camera_->Draw(i));
    });
    const nb::capsule kept(image, [](void* p) noexcept { delete static_cast<render::Image*>(p); });
    return nb::cast(nb::ndarray<nb::numpy, std::uint8_t, nb::ndim<3>>(
        image->rgb.data(),
        {static_cast<std::size_t>(image->height), static_cast<std::size_t>(image->width), 3},
        kept));
  }

  void Close() {
    const nb::gil_scoped_release others_may_run;
    const std::scoped_lock alone(mutex_);
    camera_.reset();
    environments_.reset();
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<Environments> environments_;
  struct FilmFormat {
    int width = 0, height = 0;  // [pixels]
    std::string camera;
  };
  std::optional<FilmFormat> film_;
  std::unique_ptr<Camera> camera_;
};

void CheckShape(const char* what, std::size_t rows, std::size_t columns, std::int64_t wanted_rows,
                std::int64_t wanted_columns) {
  if (static_cast<std::int64_t>(rows) == wanted_rows &&
      static_cast<std::int64_t>(columns) == wanted_columns) {
    return;
  }
  throw std::invalid_argument(std::string(what) + " have the shape (" + std::to_string(rows) +
                              ", " + std::to_string(columns) + "), not (" +
                              std::to_string(wanted_rows) + ", " + std::to_string(wanted_columns) +
                              ")");
}

void Reset(Shared& self, const ConstFlags& mask, Rows observations) {
  self.With([&](Environments& all) {
    CheckShape("masks", mask.shape(0), 1, all.size(), 1);
    CheckShape("observations", observations.shape(0), observations.shape(1), all.size(),
               all.spec().observation_dim);
    all.Reset(mask.data(), View(observations));
  });
}

void Step(Shared& self, const ConstRows& actions, const std::string& mode, Rows observations,
          Numbers rewards, Flags terminated, Flags truncated, Rows reward_terms, Flags success,
          Flags diverged, Rows final_observations) {
  self.With([&](Environments& all) {
    const FamilySpec& spec = all.spec();
    const std::int64_t n = all.size();
    const auto terms = static_cast<std::int64_t>(spec.reward_terms.size());
    const Autoreset autoreset = ToMode(mode);
    CheckShape("actions", actions.shape(0), actions.shape(1), n, spec.action_dim);
    CheckShape("observations", observations.shape(0), observations.shape(1), n,
               spec.observation_dim);
    CheckShape("reward terms", reward_terms.shape(0), reward_terms.shape(1), n, terms);
    CheckShape("final observations", final_observations.shape(0), final_observations.shape(1),
               autoreset == Autoreset::kSameStep ? n : 0, spec.observation_dim);
    for (const std::size_t size : {rewards.shape(0), terminated.shape(0), truncated.shape(0),
                                   success.shape(0), diverged.shape(0)}) {
      CheckShape("rewards and flags", size, 1, n, 1);
    }
    all.Step(View(actions), autoreset,
             {.observations = View(observations),
              .final_observations = View(final_observations),
              .reward_terms = View(reward_terms),
              .rewards = View(rewards),
              .terminated = terminated.data(),
              .truncated = truncated.data(),
              .success = success.data(),
              .diverged = diverged.data()});
  });
}

void SetTask(Shared& self, std::int64_t i, const std::optional<ConstNumbers>& task) {
  self.With([&](Environments& all) {
    Checked(all, i);
    if (!task) return all.SetTask(i, {});
    const auto parameters = static_cast<std::int64_t>(all.spec().task_parameters.size());
    CheckShape("tasks", 1, task->shape(0), 1, parameters);
    const Vector copy = View(*task);
    if (!copy.allFinite()) throw std::invalid_argument("a task is not finite");
    const std::string why_not = WhyNoTask(all.spec().task_parameters, all.spec().task_ranges, copy);
    if (!why_not.empty()) throw std::invalid_argument(why_not);
    all.SetTask(i, copy);
  });
}

std::uint64_t CheckedField(const char* name, std::int64_t value, std::int64_t most) {
  if (value < 0 || value > most) {
    throw std::invalid_argument(std::string("address: ") + name + " = " + std::to_string(value) +
                                " is not in 0 to " + std::to_string(most));
  }
  return static_cast<std::uint64_t>(value);
}

void Place(Shared& self, std::int64_t i, std::uint64_t seed, const std::string& phase,
           std::int64_t iteration, std::int64_t task, std::int64_t inner_step,
           std::int64_t rollout) {
  self.With([&](Environments& all) {
    CheckedField("iteration", iteration, Address::kMaxIteration);
    CheckedField("task", task, Address::kMaxTask);
    CheckedField("inner_step", inner_step, Address::kMaxInnerStep);
    CheckedField("rollout", rollout, Address::kMaxRollout);
    all.Place(Checked(all, i), {seed, ToPhase(phase), iteration, task, inner_step, rollout});
  });
}

nb::object Tasks(Shared& self) {
  return ToNumpy(self.With([](Environments& all) {
    Matrix tasks(static_cast<Eigen::Index>(all.spec().task_parameters.size()), all.size());
    for (std::int64_t i = 0; i < all.size(); ++i) tasks.col(i) = all.task(i);
    return tasks;
  }));
}

// (qpos, qvel) of the running episode.
nb::object StateOf(Shared& self, std::int64_t i) {
  auto [qpos, qvel] = self.With([&](Environments& all) {
    const Stage& stage = all.stage(Checked(all, i));
    const mjModel& model = stage.model();
    return std::pair(Vector(Eigen::Map<const Vector>(stage.data().qpos, model.nq)),
                     Vector(Eigen::Map<const Vector>(stage.data().qvel, model.nv)));
  });
  return nb::make_tuple(ToNumpy(std::move(qpos)), ToNumpy(std::move(qvel)));
}

nb::object SampleTasksOf(Shared& self, std::int64_t count, std::uint64_t seed,
                         const std::string& phase) {
  return ToNumpy(self.With([&](Environments& all) {
    if (count < 0) throw std::invalid_argument("n is negative");
    return SampleTasks(all.family(), seed, ToPhase(phase), {.first = 0, .count = count});
  }));
}

std::vector<std::string> FamilyNames() {
  std::vector<std::string> names = TaskFamilies::names();
  std::ranges::sort(names);
  return names;
}

}  // namespace

void BindEnvironments(nb::module_& module) {
  module.def("families", FamilyNames, "Names of the families of tasks that have environments.");
  nb::class_<Shared>(module, "Environments",
                     "Environments of one family, stepped together; anole.VectorEnv is made of it.")
      .def(nb::init<const std::string&, const nb::dict&, std::int64_t, int, const std::string&>(),
           nb::arg("family"), nb::arg("options"), nb::arg("count"), nb::arg("threads"),
           nb::arg("phase"))
      .def(nb::init<const RunPtr&, std::int64_t, int, const std::string&>(), nb::arg("run"),
           nb::arg("count"), nb::arg("threads"), nb::arg("phase"))
      .def_prop_ro("spec",
                   [](Shared& self) {
                     const FamilySpec spec =
                         self.With([](Environments& all) { return all.spec(); });
                     return ToPython(spec);
                   })
      .def(
          "seed",
          [](Shared& self, std::int64_t i, std::uint64_t seed) {
            self.With([&](Environments& all) { all.Seed(Checked(all, i), seed); });
          },
          nb::arg("i"), nb::arg("seed"))
      .def("place", Place, nb::arg("i"), nb::arg("seed"), nb::arg("phase"), nb::arg("iteration"),
           nb::arg("task"), nb::arg("inner_step"), nb::arg("rollout"))
      .def("set_task", SetTask, nb::arg("i"), nb::arg("task").none())
      .def("tasks", Tasks)
      .def("state", StateOf, nb::arg("i"))
      .def("sample_tasks", SampleTasksOf, nb::arg("count"), nb::arg("seed"), nb::arg("phase"))
      .def("reset", Reset, nb::arg("mask").noconvert(), nb::arg("observations").noconvert())
      .def("step", Step, nb::arg("actions"), nb::arg("mode"), nb::arg("observations").noconvert(),
           nb::arg("rewards").noconvert(), nb::arg("terminated").noconvert(),
           nb::arg("truncated").noconvert(), nb::arg("reward_terms").noconvert(),
           nb::arg("success").noconvert(), nb::arg("diverged").noconvert(),
           nb::arg("final_observations").noconvert())
      .def("film", &Shared::Film, nb::arg("width"), nb::arg("height"), nb::arg("camera"))
      .def("draw", &Shared::Draw, nb::arg("i"))
      .def("close", &Shared::Close);
}

}  // namespace anole::python
