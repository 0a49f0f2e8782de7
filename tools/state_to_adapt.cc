#include "tools/state_to_adapt.h"

#include "meta/checkpoint.h"

namespace anole {

MetaState StateToAdapt(const CommandLine& line, const RunDirectory& directory,
                       const Experiment& experiment, const InnerLoop& loop) {
  const auto theta = line.Get("theta");
  if (theta == "random") return loop.Initial(static_cast<std::uint64_t>(experiment.run.seed));
  return LoadState(directory.checkpoints().Find(theta.value_or("latest")), loop.spec().layout);
}

}  // namespace anole
