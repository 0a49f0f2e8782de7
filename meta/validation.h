// Validation: how well the parameters adapt to tasks of their own while they are trained. It
// selects the best checkpoint and tells when to stop; held-out test tasks are never touched.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "agents/inner_loop.h"
#include "configs/option.h"
#include "meta/communicator.h"
#include "meta/meta_state.h"

namespace anole {

struct ValidationOptions {
  std::int64_t every = 0;
  std::int64_t tasks = 8;
  std::int64_t updates = 2;
  std::int64_t rollouts = 10;
  std::string metric = "mean";
  std::int64_t patience = 0;

  // `rolls_out`: whether tasks are learned from episodes.
  static void Describe(VisitOf<ValidationOptions> visit, bool rolls_out);

  // Whether the iteration that has just been done is followed by a validation.
  bool IsDue(const MetaState& state) const { return every > 0 && state.iteration % every == 0; }
  // Whether so many validations in a row were no better that there is no use in going on.
  bool IsExhausted(const MetaState& state) const {
    return every > 0 && patience > 0 && state.best.validations_since >= patience;
  }

  // after_0 to after_K, the score after so many updates; mean, over 1 to K updates; worst_tenth,
  // after K updates.
  std::vector<std::string> MetricNames() const;
};

// Adapts `state` to the validation tasks of `seed`, and remembers in state.best whether that went
// better than before. Returns the metrics, in the order of their names. The environment steps count
// to nobody: they train nothing. Collective; parallel over tasks and episodes.
std::vector<double> Validate(const InnerLoop& loop, const ValidationOptions& options,
                             std::int64_t seed, MetaState& state,
                             const Communicator& ranks = Alone());

}  // namespace anole
