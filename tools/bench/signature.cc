#include "tools/bench/signature.h"

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

}  // namespace

std::string BuildSignature() {
  const Experiment experiment(Settings::FromText(kSignatureRun, "signature"));
  const auto loop = experiment.MakeLoop();
  const auto gradient = experiment.MakeGradient();
  const auto optimizer = experiment.MakeOptimizer();
  const Trainer trainer(experiment.trainer, 1, *loop, *gradient, *optimizer);
  MetaState state = loop->Initial(1);
  while (state.iteration < experiment.trainer.iterations) trainer.Step(state);
  return Signature(state);
}

}  // namespace anole::bench
