#include "tools/render/takes.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <stdexcept>

#include "agents/finite.h"

namespace anole::render {

std::vector<Take> TakesOf(const Run& run, const AdaptationRequest& request,
                          const std::vector<std::int64_t>& updates) {
  const ControlLoop& loop = *run.control_loop();
  const Learnable state = Learned(run.state());
  const EvaluationOptions& evaluation = run.experiment().evaluation;
  const Address address{.seed = static_cast<std::uint64_t>(evaluation.seed),
                        .phase = Phase::kTest,
                        .task = request.number};
  const Plan plan{
      .updates = std::ranges::max(updates), .rollouts = evaluation.rollouts, .trajectory = true};
  const Matrix params = plan.updates == 0
                            ? Matrix(state.theta)
                            : loop.Adapt(state, request.task, address, plan).trajectory;
  std::vector<Take> takes;
  for (const std::int64_t k : updates) {
    if (!AllFinite(params.col(k))) {
      throw std::runtime_error(fmt::format(
          "after {} the parameters are not finite any more: there is no policy to show; make {} "
          "smaller",
          run.experiment().UpdatesText(k), run.experiment().step_name()));
    }
    Take take{run.experiment().UpdatesText(k), address, std::move(loop.MakeEpisodes(1).front())};
    const ControlPolicy<float> policy = loop.Policy(params.col(k), state.context);
    ControlLoop::Trials trial = loop.MakeTrials(1);
    // A policy that remembers goes through the episodes before, too.
    for (std::int64_t j = trial.empty() ? k : 0; j <= k; ++j) {
      take.address.inner_step = j;
      loop.Sample(policy, request.task, Exploration::kStochastic, take.address, 0,
                  std::span(&take.episode, 1), trial);
    }
    takes.push_back(std::move(take));
  }
  return takes;
}

}  // namespace anole::render
