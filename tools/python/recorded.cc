#include "tools/python/recorded.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "configs/suggest.h"
#include "configs/user_error.h"
#include "tools/export/episodes/episode_assembler.h"
#include "tools/export/recording.h"
#include "tools/python/values.h"

namespace anole::python {
namespace {

const std::vector<std::string> kKeys = {"observations", "actions", "rewards", "log_probs", "end"};

// An array of a dict, as doubles. Throws UserError where it is none.
template <class Array>
Array Get(const nb::dict& episode, const char* key, const std::string& place) {
  if (!episode.contains(key)) throw UserError(place + ": \"" + key + "\" is missing");
  const nb::object numbers = nb::module_::import_("numpy").attr("ascontiguousarray")(
      episode[key], nb::arg("dtype") = "float64");
  Array array;
  if (!nb::try_cast(numbers, array)) {
    throw UserError(place + ": \"" + key + "\" is not an array of the right number of dimensions");
  }
  return array;
}

bool Has(const nb::dict& episode, const char* key) {
  return episode.contains(key) && !nb::object(episode[key]).is_none();
}

}  // namespace

std::vector<std::vector<Episode>> ToBatches(const nb::list& batches, const FamilySpec& spec) {
  std::string place;
  exports::EpisodeAssembler assembler(spec, "episodes", [&place](std::int64_t step) {
    return place + ", step " + std::to_string(step);
  });
  for (std::size_t b = 0; b < nb::len(batches); ++b) {
    if (!nb::isinstance<nb::list>(batches[b])) {
      throw UserError("episodes[" + std::to_string(b) + "]: is no list of episodes, a batch");
    }
    const auto batch = nb::cast<nb::list>(batches[b]);
    if (nb::len(batch) == 0) {
      throw UserError("episodes[" + std::to_string(b) + "]: is a batch without an episode");
    }
    for (std::size_t e = 0; e < nb::len(batch); ++e) {
      place = "episodes[" + std::to_string(b) + "][" + std::to_string(e) + "]";
      if (!nb::isinstance<nb::dict>(batch[e])) throw UserError(place + ": is no dict");
      const auto episode = nb::cast<nb::dict>(batch[e]);
      for (const auto& [key, value] : episode) {
        const std::string name = nb::cast<std::string>(nb::str(key));
        if (std::ranges::count(kKeys, name) > 0) continue;
        throw UserError(place + ": has no \"" + name + "\"" + Suggestion(name, kKeys));
      }
      const auto observations = Get<ConstRows>(episode, "observations", place);
      const auto actions = Get<ConstRows>(episode, "actions", place);
      const auto rewards = Get<ConstNumbers>(episode, "rewards", place);
      const std::size_t steps = rewards.shape(0);
      std::optional<ConstNumbers> log_probs;
      if (Has(episode, "log_probs")) log_probs = Get<ConstNumbers>(episode, "log_probs", place);
      if (steps == 0 || observations.shape(0) != steps || actions.shape(0) != steps ||
          (log_probs && log_probs->shape(0) != steps)) {
        throw UserError(place + ": its arrays have no step, or not equally many");
      }
      std::string end = exports::WordOfEnd(End::kTimeLimit);
      if (Has(episode, "end")) {
        const nb::object word = episode["end"];
        if (!nb::isinstance<nb::str>(word)) throw UserError(place + ": \"end\" is no text");
        end = nb::cast<std::string>(word);
      }
      for (std::size_t t = 0; t < steps; ++t) {
        const auto column = static_cast<Eigen::Index>(t);
        assembler.Add(static_cast<std::int64_t>(t),
                      {.batch = static_cast<std::int64_t>(b),
                       .episode = static_cast<std::int64_t>(e),
                       .step = static_cast<std::int64_t>(t),
                       .observation = View(observations).col(column),
                       .action = View(actions).col(column),
                       .reward = rewards.data()[t],
                       .log_prob = log_probs ? log_probs->data()[t]
                                             : std::numeric_limits<double>::quiet_NaN(),
                       .end = t + 1 == steps ? end : ""});
      }
    }
  }
  return assembler.Finish();
}

}  // namespace anole::python
