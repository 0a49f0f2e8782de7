#include "tools/bench/acting.h"

#include <fmt/format.h>

#include "configs/user_error.h"
#include "tools/run/experiment.h"

namespace anole::bench {
namespace {

ControlPolicy<float> InitialPolicy(const ControlLoop& loop) {
  const Learnable state = loop.Initial(1);
  return loop.Policy(state.theta, state.context);
}

}  // namespace

Acting::Acting(const Settings& experiment)
    : loop(Experiment(experiment).MakeControlLoop()),
      family(loop->family()),
      policy(InitialPolicy(*loop)),
      task(loop->SampleTasks(1, Phase::kTrain, {.count = 1}).col(0)) {}

Acting::Acting(const std::string& options) : Acting(Settings::FromText(options, "bench")) {}

void Acting::ExpectSteps(int episodes, std::int64_t steps) {
  constexpr int kSome = 10;
  if (episodes < kSome || steps > 0) return;
  throw UserError(
      "physics blows up in the first step of each episode: there is nothing to measure");
}

std::string FamilyOption(const std::string& name) {
  return fmt::format("[task]\nfamily = '{}'\n", name);
}

}  // namespace anole::bench
