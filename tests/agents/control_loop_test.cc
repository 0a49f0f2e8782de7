#include "agents/control/control_loop.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tools/run/experiment.h"

namespace anole {
namespace {

std::unique_ptr<ControlLoop> Navigation(const std::string& log_std) {
  const Experiment experiment(Settings::FromText(
      "[task]\nfamily = 'point-navigation'\nhorizon = 20\n[policy]\nhidden = [8]\nlog_std = " +
          log_std,
      "test"));
  return experiment.MakeControlLoop();
}

double Clipped(const ControlLoop& loop, const Address& address, std::int64_t rollouts) {
  const auto& facts = loop.spec().facts;
  const Matrix tasks = loop.SampleTasks(1, Phase::kTrain, {.count = 1});
  const Adaptation adaptation =
      loop.Adapt(loop.Initial(1), tasks, address, {.updates = 1, .rollouts = rollouts});
  return adaptation.facts(std::ranges::find(facts, "clipped", &Column::name) - facts.begin(), 0);
}

TEST(ControlLoop, TellsTheShareOfActionsBeyondTheirLimits) {
  const auto loop = Navigation("0.3");
  const Address address{.seed = 5};
  std::vector<Episode> episodes(3, Episode(loop->family().spec()));
  const Learnable state = loop->Initial(1);
  loop->Sample(loop->Policy(state.theta, state.context),
               loop->SampleTasks(1, Phase::kTrain, {.count = 1}), Exploration::kStochastic, address,
               0, episodes);
  double beyond = 0;
  for (const Episode& episode : episodes) {
    for (const double action : episode.actions.reshaped()) beyond += action < -1 || action > 1;
  }
  EXPECT_GT(beyond, 0);
  EXPECT_DOUBLE_EQ(Clipped(*loop, address, 3), beyond / (3 * 20 * 2));

  EXPECT_EQ(Clipped(*Navigation("-20"), address, 3), 0);
  EXPECT_GT(Clipped(*Navigation("5"), address, 3), 0.95);
}

}  // namespace
}  // namespace anole
