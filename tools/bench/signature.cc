#include "tools/bench/signature.h"

#include <algorithm>

#include "configs/lister.h"
#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "tools/run/experiment.h"

namespace anole::bench {
namespace {

// A small run that goes through all of training: contacts, several updates, every learned part of
// the context, schedules, the adaptive outer optimiser. Its parameters change with any change of
// results, and with nothing else.
constexpr const char* kSignatureRun = R"(
[task]
family = "cheetah-velocity"
range = [-2, 2]
horizon = 50
[policy]
hidden = [16, 16]
log_std_mode = "scheduled"
log_std_final = -1.2
[inner]
updates = 3
rollouts = 3
advantage_scale = "shared"
step_noise_exponent = 1
[meta]
iterations = 4
batch_size = 3
optimizer = "adam"
step_size = 0.01
anneal_iterations = 4
)";

// Tiny ones, for what they are combined with.
constexpr const char* kTinyRun = R"(
[policy]
hidden = [4]
[inner]
updates = 2
rollouts = 3
[meta]
iterations = 2
batch_size = 2
)";

std::string SignatureOf(const Settings& settings) {
  const Experiment experiment(settings);
  const auto loop = experiment.MakeLoop();
  const auto gradient = experiment.MakeGradient();
  const auto optimizer = experiment.MakeOptimizer();
  const Trainer trainer(experiment.trainer, 1, *loop, *gradient, *optimizer);
  MetaState state = loop->Initial(1);
  while (state.iteration < experiment.trainer.iterations) trainer.Step(state);
  return Signature(state);
}

void AddCombinations(std::vector<NamedSignature>& signatures) {
  for (const std::string& learner : InnerLearners::names()) {
    for (const std::string& gradient : MetaGradients::names()) {
      for (const std::string& optimizer : OuterOptimizers::names()) {
        Settings settings = Settings::FromText(kTinyRun, "signature");
        settings.Set("task.family", "point-navigation");
        settings.Set("task.horizon", "7");
        settings.Set("inner.learner", learner);
        settings.Set("meta.gradient", gradient);
        settings.Set("meta.optimizer", optimizer);
        if (learner == "memory") {
          settings.Set("policy.gru", "3");
          settings.Set("policy.feedback", "true");
          settings.Set("inner.learn_step_sizes", "false");
        }
        // A step of 1 is Reptile's; along gradients it goes so far that training ends there.
        if (optimizer != "trpo") settings.Set("meta.step_size", "0.1");
        try {
          signatures.push_back(
              {learner + ", " + gradient + ", " + optimizer, SignatureOf(settings)});
        } catch (const UserError&) {
          // These three do not go together.
        }
      }
    }
  }
}

// Whether the family needs a file of the user's.
template <class Families>
bool NeedsFiles(const std::string& name) {
  OptionLister lister;
  Families::NewMaker(name)->Describe(lister);
  return std::ranges::any_of(lister.options(), &OptionDescription::required);
}

template <class Families>
void AddFamilies(std::vector<NamedSignature>& signatures) {
  for (const std::string& name : Families::names()) {
    if (NeedsFiles<Families>(name)) continue;
    Settings settings = Settings::FromText(kTinyRun, "signature");
    settings.MakeOptional();  // supervised tasks have no rollouts
    settings.Set("task.family", name);
    signatures.push_back({name, SignatureOf(settings)});
  }
}

}  // namespace

std::string BuildSignature() { return SignatureOf(Settings::FromText(kSignatureRun, "signature")); }

std::vector<NamedSignature> AllSignatures() {
  std::vector<NamedSignature> signatures = {{"build", BuildSignature()}};
  AddCombinations(signatures);
  AddFamilies<TaskFamilies>(signatures);
  AddFamilies<DataFamilies>(signatures);
  return signatures;
}

}  // namespace anole::bench
