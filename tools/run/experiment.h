// An experiment: all options of a run, and the objects that they describe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agents/control/control_loop.h"
#include "agents/control/inner_learner.h"
#include "agents/supervised/supervised_loop.h"
#include "configs/lister.h"
#include "configs/settings.h"
#include "envs/data_family.h"
#include "envs/step_clock.h"
#include "envs/task_adjustment.h"
#include "envs/task_family.h"
#include "meta/checkpoint.h"
#include "meta/evaluation.h"
#include "meta/meta_gradient.h"
#include "meta/outer_optimizer.h"
#include "meta/trainer.h"
#include "meta/validation.h"
#include "tools/run/run_options.h"

namespace anole {

// What says how long an inner step is, before anything is learned of it: see
// OptionInfo::is_inner_step.
struct StepOption {
  std::string name;
  double value = 0;
};

class Experiment {
 public:
  // Throws UserError where the given settings do not describe an experiment.
  explicit Experiment(const Settings& given);

  // The settings of a file that is an experiment by itself, to be varied: what is set on top of
  // them may make some of them inapplicable, as "--policy.log_std_mode=fixed" does away with
  // policy.log_std_final. Throws UserError where the file does not describe an experiment.
  static Settings ReadToVary(const std::filesystem::path& file);

  // Every option of every component, chosen or not, with the component that has it.
  static std::vector<OptionDescription> Catalogue();

  // The resolved config; reads back as is. kept_path: the place of a run's copy of the files that
  // its task comes from, see Kept.
  std::string Toml(const std::string& kept_path = "") const;
  std::vector<OptionDescription> Options() const;  // those that this experiment has
  const std::string& family() const { return family_; }
  const std::string& optimizer() const { return optimizer_; }
  // The option that names files of which a run keeps a copy, and those files.
  struct KeptOption {
    std::string name, path;
    KeptFiles files;
  };
  std::optional<KeptOption> Kept() const;
  std::optional<StepOption> step_option() const;  // nothing where the chosen learner has none
  std::string step_name() const;                  // of that option, or words for the lack of one
  // Whether adaptations make no updates: a policy remembers instead.
  bool adapts_by_memory() const;
  // "2 updates"; where a policy adapts by memory, which makes none, "2 earlier episodes".
  std::string UpdatesText(std::int64_t count) const;
  bool rolls_out() const { return task_family_ != nullptr; }  // or learns from data

  // The tasks, if rolls_out(). Throws UserError where MuJoCo cannot simulate them.
  std::unique_ptr<TaskFamily> MakeFamily() const;
  // clock: told how long simulating takes, if it is there; it outlives the loop.
  std::unique_ptr<InnerLoop> MakeLoop(StepClock* clock = nullptr) const;
  std::unique_ptr<ControlLoop> MakeControlLoop(StepClock* clock = nullptr) const;  // if rolls_out()
  // Throws UserError where training by that loop, on the threads of the caller's WithThreads, takes
  // more memory than this process may have.
  void CheckMemoryToTrain(const InnerLoop& loop) const;
  std::string LargestNeed(const InnerLoop& loop) const;  // the option that asks for most of it
  std::unique_ptr<MetaGradient> MakeGradient() const { return meta_gradient_->Make(); }
  std::unique_ptr<OuterOptimizer> MakeOptimizer() const {
    return outer_optimizer_->Make(trainer.step_schedule());
  }

  std::int64_t inner_updates() const {
    return rolls_out() ? control_.updates : supervised_.updates;
  }
  // Plan::scored_updates of an adaptation in training.
  std::int64_t scored_updates() const;

  // What a checkpoint holds of the outer optimiser; `parameters`: of theta.
  OptimizerMemory optimizer_memory(std::int64_t parameters) const {
    return {optimizer_, MakeOptimizer()->memory_size(parameters)};
  }

  TrainerOptions trainer;
  EvaluationOptions evaluation;
  ValidationOptions validation;
  RunOptions run;

 private:
  Experiment();  // of nothing but defaults
  static void Describe(VisitOf<Experiment> visit);
  // What `make` makes of options; what is wrong with one is told with the place where it was set.
  template <class Make>
  auto Placed(const Make& make) const;

  Settings given_;  // by the user
  std::string family_ = "cheetah-direction";
  std::string learner_ = "vpg", gradient_ = "reptile", optimizer_ = "sgd";
  TaskAdjustment adjustment_;
  ControlOptions control_;
  SupervisedOptions supervised_;
  // Hold the options of the chosen components. One of the two families is there.
  std::unique_ptr<TaskFamilies::Maker> task_family_;
  std::unique_ptr<DataFamilies::Maker> data_family_;
  std::unique_ptr<InnerLearners::Maker> inner_learner_;
  std::unique_ptr<MetaGradients::Maker> meta_gradient_;
  std::unique_ptr<OuterOptimizers::Maker> outer_optimizer_;
};

}  // namespace anole
