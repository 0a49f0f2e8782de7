// rollout-share/PART: what a part of a half-cheetah's rollout takes, over the whole rollout. With
// the policy in the loop these parts cannot be timed one by one without the clock being most of it,
// so each is timed alone, over the data of the very episode, when all of it is in the cache. Only
// the reward is a difference: the stage's step minus bare mj_step, step by step in turns; of the
// differences the median counts.
#include <algorithm>
#include <vector>

#include "tools/bench/acting.h"
#include "tools/bench/benchmark.h"
#include "tools/bench/clock.h"
#include "tools/bench/replay.h"

namespace anole::bench {
namespace {

constexpr int kEpisodes = 10;

class RolloutShare : public Benchmark {
 public:
  RolloutShare()
      : worker_(acting_.family, acting_.policy),
        stage_(acting_.family),
        noise_(acting_.family.spec().action_dim),
        policy_memory_(acting_.policy.MakeMemory()),
        bare_data_(MakeData(acting_.family.model())),
        episode_(acting_.family.spec()),
        copy_(acting_.family.spec()) {}

  std::vector<double> Measure(int repetition) override {
    rollout_ = 0;
    parts_ = {};
    for (int i = 0; i < kEpisodes; ++i) MeasureEpisode(Acting::Place(repetition, i));
    const Parts& p = parts_;
    return {p.noise / rollout_, p.observation / rollout_, p.policy / rollout_,
            p.reset / rollout_, p.reward / rollout_,      p.storage / rollout_};
  }

 private:
  struct Parts {
    double noise = 0, observation = 0, policy = 0, reset = 0, reward = 0, storage = 0;
  };

  void MeasureEpisode(const Address& address) {
    rollout_ += Timed(ThreadSeconds, [&] { acting_.Run(address, worker_, episode_); });
    const Track track = RecordTrack(acting_.task, address, episode_, stage_);
    parts_.reset += Timed(ThreadSeconds, [&] { stage_.Reset(acting_.task, address); });
    parts_.reward += MeasureReward(track);

    parts_.observation += Timed(ThreadSeconds, [&] {
      ForEachStep([&](Eigen::Index t) { stage_.Observe(copy_.observations.col(t)); });
    });
    parts_.policy += Timed(ThreadSeconds, [&] {
      ForEachStep([&](Eigen::Index t) {
        acting_.policy.Mean(episode_.observations.col(t), policy_memory_, copy_.actions.col(t));
      });
    });
    Rng explore = address.Open(Purpose::kAction);
    parts_.noise += Timed(ThreadSeconds, [&] {
      ForEachStep([&](Eigen::Index t) {
        for (double& noise : noise_) noise = explore.Normal();
        copy_.actions.col(t) += acting_.policy.standard_deviation().cwiseProduct(noise_);
        copy_.log_probs[t] = acting_.policy.LogProb(noise_);
      });
    });
    // As if every array were copied once; the rollout writes them where they stay.
    parts_.storage += Timed(ThreadSeconds, [&] {
      ForEachStep([&](Eigen::Index t) {
        copy_.observations.col(t) = episode_.observations.col(t);
        copy_.actions.col(t) = episode_.actions.col(t);
        copy_.reward_terms.col(t) = episode_.reward_terms.col(t);
        copy_.rewards[t] = episode_.rewards[t];
        copy_.log_probs[t] = episode_.log_probs[t];
      });
    });
  }

  // Of all steps of the episode, at whose beginning the stage is.
  double MeasureReward(const Track& track) {
    const mjModel& model = stage_.model();
    BeginTrack(model, track, *bare_data_);
    std::vector<double> differences;  // of two steps: one in which either is the first
    ForEachStep([&](Eigen::Index t) {
      double step = 0, bare = 0;
      const auto run_step = [&] {
        stage_.Step(episode_.actions.col(t), copy_.reward_terms.col(t));
      };
      if (t % 2 == 0) step = Timed(WallSeconds, run_step);
      bare = Timed(WallSeconds, [&] { ReplayStep(model, track, t, *bare_data_); });
      if (t % 2 == 1) step = Timed(WallSeconds, run_step);
      if (t % 2 == 0) differences.push_back(0);
      differences.back() += step - bare;
    });
    CheckEnd(model, track, *bare_data_);
    CheckEnd(model, track, stage_.data());
    const auto middle = differences.begin() + static_cast<std::ptrdiff_t>(differences.size() / 2);
    std::ranges::nth_element(differences, middle);
    return *middle * static_cast<double>(differences.size());
  }

  template <class Body>
  void ForEachStep(const Body& body) const {
    for (Eigen::Index t = 0; t < episode_.length; ++t) body(t);
  }

  Acting acting_{FamilyOption("cheetah-velocity")};
  Worker worker_;
  Stage stage_;
  Vector noise_;
  ControlPolicy<float>::Memory policy_memory_;
  DataPtr bare_data_;
  Episode episode_, copy_;
  double rollout_ = 0;
  Parts parts_;
};

std::vector<BenchmarkEntry> RolloutShareEntries() {
  BenchmarkEntry entry{.make = [] { return std::make_unique<RolloutShare>(); }};
  for (const char* part : {"noise", "observation", "policy", "reset", "reward", "storage"}) {
    entry.figures.push_back(
        {.name = std::string("rollout-share/") + part, .better = Better::kLower});
  }
  return {entry};
}

const RegisterBenchmarks registration(&RolloutShareEntries);

}  // namespace
}  // namespace anole::bench
