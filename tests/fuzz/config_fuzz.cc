// A config: all options of a run.
#include "configs/settings.h"
#include "tests/fuzz/harness.h"
#include "tools/run/experiment.h"

namespace anole::fuzz {
namespace {

void FuzzConfig(std::string_view input) {
  Accept([&] {
    const Experiment experiment(Settings::FromText(input, "config.toml"));
    // What a run stores of it is the same experiment.
    const std::string stored = experiment.Toml();
    const Experiment again(Settings::FromText(stored, "stored.toml"));
    Require(again.Toml() == stored, "what is stored of a config is another one");
    again.Options();
    again.step_option();
    again.optimizer_memory(3);
  });
}

const RegisterHarness registration("config", {FuzzConfig});

}  // namespace
}  // namespace anole::fuzz
