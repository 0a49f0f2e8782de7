#include "agents/network/policy_shape.h"

#include <utility>

#include "agents/network/policy_feedback.h"

namespace anole {
namespace {

// Of initial weights: the first policy does next to nothing.
constexpr double kLastLayerScale = 0.1;

}  // namespace

void PolicyOptions::Describe(VisitOf<PolicyOptions> visit) {
  visit("policy.hidden", &PolicyOptions::hidden,
        {.help = "sizes of the hidden layers (tanh)",
         .min = 1,
         .max = 65536,
         .max_size = 16,
         .use = Use::kPolicy});
  visit("policy.gru", &PolicyOptions::gru,
        {.help = "gated recurrent units before the hidden layers, which remember what an episode "
                 "has shown; 0: none",
         .min = 0,
         .max = 4096,
         .use = Use::kPolicy});
  visit("policy.feedback", &PolicyOptions::feedback,
        {.help = "the policy also sees its last action, the reward that it brought, and whether an "
                 "episode ended with it",
         .use = Use::kPolicy});
  visit("policy.log_std_mode", &PolicyOptions::log_std_mode,
        {.help = "log standard deviation of actions: part of theta, fixed, or linear over "
                 "meta.anneal_iterations",
         .use = Use::kPolicy});
  visit("policy.log_std", &PolicyOptions::log_std,
        {.help = "log standard deviation of actions at first",
         .min = -20,
         .max = 5,
         .use = Use::kPolicy});
  if (const auto where = visit.Where(visit->log_std_mode == LogStdMode::kScheduled,
                                     "policy.log_std_mode = \"scheduled\"")) {
    where("policy.log_std_final", &PolicyOptions::log_std_final,
          {.help = "log standard deviation at the end of the schedule",
           .min = -20,
           .max = 5,
           .use = Use::kPolicy});
  }
  if (const auto where = visit.Where(visit->log_std_mode == LogStdMode::kLearned,
                                     "policy.log_std_mode = \"learned\"")) {
    where("policy.log_std_floor", &PolicyOptions::log_std_floor,
          {.help = "a learned log standard deviation acts as at least this",
           .min = -20,
           .max = 5,
           .use = Use::kPolicy});
  }
  visit("policy.normalize_observations", &PolicyOptions::normalize_observations,
        {.help = "learn shift and scale of the observations, the same for all tasks",
         .use = Use::kPolicy});
}

PolicyShape MakeShape(const PolicyOptions& options, std::int64_t observation_dim,
                      std::int64_t action_dim) {
  const std::int64_t feedback = options.feedback ? FeedbackDim(action_dim) : 0;
  const std::int64_t seen = observation_dim + feedback;
  PolicyShape shape{MlpShape(options.gru > 0 ? options.gru : seen, options.hidden, action_dim),
                    options.log_std_mode == LogStdMode::kLearned, options.log_std_floor};
  if (options.gru > 0) shape.gru = GruShape(seen, options.gru, shape.network.size());
  shape.feedback_dim = feedback;
  return shape;
}

std::vector<Block> PolicyShape::Blocks() const {
  std::vector<Block> blocks = network.Blocks("policy");
  for (Block& block : gru.Blocks("policy/gru")) blocks.push_back(std::move(block));
  if (learns_log_std) blocks.push_back({"policy/log_std", {network.outputs()}});
  return blocks;
}

std::vector<LayerShape> PolicyShape::layers() const {
  std::vector<LayerShape> layers = network.layers;
  if (gru.units > 0) layers.insert(layers.end(), {gru.input, gru.state});
  return layers;
}

Vector PolicyShape::InitialParams(Rng& rng, double log_std) const {
  Vector params = Vector::Constant(size(), log_std);
  params.head(network.size()) = network.InitialParams(rng, kLastLayerScale);
  params.segment(network.size(), gru.size()) = gru.InitialParams(rng);
  return params;
}

Vector PolicyShape::LearnedLogStd(VectorIn params) const {
  return params.tail(network.outputs()).cwiseMax(log_std_floor);
}

}  // namespace anole
