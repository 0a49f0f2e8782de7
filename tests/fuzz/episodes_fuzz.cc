// Recorded episodes: JSON lines where the input begins with a brace, or else CSV.
#include "tests/fuzz/harness.h"
#include "tools/export/episodes/episode_format.h"

namespace anole::fuzz {
namespace {

void FuzzEpisodes(std::string_view input) {
  FamilySpec spec;
  spec.observation_dim = 2;
  spec.action_dim = 2;
  spec.horizon = 4;
  const std::string ending = input.starts_with('{') ? ".jsonl" : ".csv";
  const std::filesystem::path file = Write("episodes" + ending, input);
  Accept([&] {
    for (const auto& batch : exports::ReadEpisodes({file}, spec)) {
      Require(!batch.empty(), "a batch is empty");
      for (const Episode& episode : batch) {
        Require(episode.length >= 0 && episode.length <= spec.horizon, "an episode is too long");
        Require(episode.observations.leftCols(episode.length).allFinite() &&
                    episode.actions.leftCols(episode.length).allFinite() &&
                    episode.rewards.head(episode.length).allFinite(),
                "a number is not finite");
      }
    }
  });
}

const RegisterHarness registration("episodes", {FuzzEpisodes});

}  // namespace
}  // namespace anole::fuzz
