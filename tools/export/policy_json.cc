#include "tools/export/policy_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "envs/task_checksum.h"
#include "meta/checkpoint.h"
#include "tools/run/files/json_vector.h"
#include "tools/run/process/provenance.h"

namespace anole::exports {
namespace {

using Json = nlohmann::ordered_json;

// JSON has no word for what is unlimited.
Json OrNull(double number) { return std::isfinite(number) ? Json(number) : Json(); }

// An array of the matrix's columns.
Json Columns(MatrixIn matrix) {
  Json columns = Json::array();
  for (Eigen::Index i = 0; i < matrix.cols(); ++i) columns.push_back(Vector(matrix.col(i)));
  return columns;
}

Json ObservationJson(const ExportedPolicy& policy) {
  const ObservationScale scale = policy.observations();
  Json parts = Json::array();
  for (const ObservationPart& part : policy.family().observations) {
    parts.push_back({{"name", part.name},
                     {"unit", part.unit},
                     {"size", part.size},
                     {"scale", part.scale},
                     {"clip", OrNull(part.clip)},
                     {"history", part.history},
                     {"delay", part.delay},
                     {"delay_most", part.delay_most},
                     {"padding", part.zero_padding ? "zero" : "first"}});
  }
  const auto add = [&](const std::string& name, std::int64_t size) {
    parts.push_back({{"name", name},
                     {"unit", ""},
                     {"size", size},
                     {"scale", 1},
                     {"clip", nullptr},
                     {"history", 1},
                     {"delay", 0},
                     {"delay_most", 0},
                     {"padding", "first"}});
  };
  if (policy.shape().feedback_dim > 0) {
    add("last_action", policy.shape().action_dim());
    add("last_reward", 1);
    add("episode_ended", 1);
  }
  return {{"size", policy.shape().observation_dim()},
          {"parts", parts},
          {"mean", scale.mean},
          {"deviation", scale.deviation},
          {"clip", kObservationClip}};
}

Json PartJson(const ActionPart& part) {
  return {{"actuator", part.actuator},
          {"quantity", part.quantity},
          {"unit", part.unit},
          {"offset", part.offset},
          {"scale", part.scale},
          {"stiffness", part.stiffness},
          {"damping", part.damping},
          {"control_offset", part.control_offset},
          {"control_factor", part.control_factor},
          {"lowest_control", OrNull(part.lowest_control)},
          {"highest_control", OrNull(part.highest_control)}};
}

// What TOML writes of an option is JSON, but for what is unlimited.
Json RulesJson(const ExportedPolicy& policy) {
  Json rules = Json::array();
  for (const ActionRule& rule : policy.family().action_rules) {
    Json options = Json::object(), actuators = Json::array(), numbers = Json::object();
    for (const auto& [name, text] : rule.options) {
      options[name] = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    }
    for (const ActionPart& part : rule.actuators) actuators.push_back(PartJson(part));
    for (const auto& [name, values] : rule.numbers) numbers[name] = values;
    rules.push_back({{"options", options}, {"actuators", actuators}, {"numbers", numbers}});
  }
  return rules;
}

Json ActionJson(const ExportedPolicy& policy) {
  const PolicyShape& shape = policy.shape();
  const bool has_rules = !policy.family().action_rules.empty();
  Json parts = Json::array();
  for (const ActionPart& part : policy.family().actions) {
    parts.push_back(PartJson(part));
    if (has_rules) parts.back()["rule"] = part.rule;
  }
  Json json = {{"size", policy.family().action_dim},
               {"range", policy.family().action_range},
               {"parts", parts},
               {"log_std", policy.log_std()},
               {"log_std_is_learned", shape.learns_log_std}};
  if (shape.learns_log_std) json["log_std_floor"] = shape.log_std_floor;
  if (has_rules) json["rules"] = RulesJson(policy);
  return json;
}

Json NetworkJson(const ExportedPolicy& policy) {
  const PolicyShape& shape = policy.shape();
  Json layers = Json::array();
  for (const LayerShape& layer : shape.network.layers) {
    const bool is_last = &layer == &shape.network.layers.back();
    layers.push_back({{"inputs", layer.inputs},
                      {"outputs", layer.outputs},
                      {"activation", is_last ? "none" : "tanh"}});
  }
  Json blocks = Json::array();
  for (const Block& block : shape.Blocks()) {
    blocks.push_back({{"name", block.name}, {"shape", block.shape}});
  }
  Json json = {{"layers", layers}, {"blocks", blocks}, {"parameters", Vector(policy.params())}};
  if (shape.gru.units > 0) {
    const bool keeps = policy.loop().learner().adapts_by_memory();
    json["gru"] = {{"units", shape.gru.units}, {"forgets", keeps ? "task" : "episode"}};
  }
  return json;
}

Json TaskJson(const ExportedPolicy& policy) {
  Json parameters = Json::array();
  for (const auto& [name, unit] : policy.family().task_parameters) {
    parameters.push_back({{"name", name}, {"unit", unit}});
  }
  Json json = {{"family", policy.run->experiment().family()},
               {"control_dt", policy.family().control_dt},
               {"horizon", policy.family().horizon},
               {"parameters", parameters},
               {"goal", policy.goal.empty() ? Json() : Json(policy.goal)},
               {"updates", policy.updates ? Json(*policy.updates) : Json()}};
  for (const OptionDescription& option : policy.run->experiment().Options()) {
    if (option.name != kChecksumOption) continue;
    const std::string& quoted = option.default_value;
    if (quoted.size() > 2) json["checksum"] = quoted.substr(1, quoted.size() - 2);
  }
  return json;
}

Json LearningJson(const ExportedPolicy& policy) {
  const ControlOptions& options = policy.loop().options();
  const EvaluationOptions& evaluation = policy.run->experiment().evaluation;
  Json json = {{"updates", evaluation.updates},
               {"episodes", evaluation.rollouts},
               {"discount", options.advantages.discount},
               {"gae_lambda", options.advantages.gae_lambda},
               {"baseline", WordOf(options.advantages.baseline)},
               {"outside", policy.learning.has_value()}};
  if (!policy.learning) {
    json["why_not"] = policy.no_learning;
    return json;
  }
  const Updates& learning = *policy.learning;
  Json sizes = Json::array(), noise_sizes = Json::array();
  for (std::int64_t k = 0; k < std::max(evaluation.updates, learning.multipliers.cols()); ++k) {
    sizes.push_back(learning.StepSizes(k));
    noise_sizes.push_back(StepSize(learning.step, k, learning.noise_ratio));
  }
  json["step_sizes"] = sizes;
  if (policy.shape().learns_log_std) json["log_std_step_sizes"] = noise_sizes;
  json["max_gradient_norm"] = learning.step.max_gradient_norm;
  json["max_step_norm"] = learning.step.max_step_norm;
  json["advantage_scale"] =
      learning.advantage_scale > 0 ? Json(learning.advantage_scale) : Json("batch");
  return json;
}

Json TrainingJson(const ExportedPolicy& policy) {
  const Run& run = *policy.run;
  return {{"run", run.directory().name()},
          {"seed", run.experiment().run.seed},
          {"iterations", run.state().iteration},
          {"env_steps", run.state().samples},
          {"signature", Signature(policy.learned)}};
}

Json VectorsJson(const TestVectors& vectors) {
  Json batch = Json::array();
  for (const Episode& episode : vectors.batch) {
    batch.push_back({{"observations", Columns(episode.observations.leftCols(episode.length))},
                     {"actions", Columns(episode.actions.leftCols(episode.length))},
                     {"rewards", Vector(episode.rewards.head(episode.length))}});
  }
  return {{"observations", Columns(vectors.observations)},
          {"actions", Columns(vectors.actions)},
          {"batch", batch},
          {"parameters_after_updates", Columns(vectors.parameters)}};
}

}  // namespace

Json PolicyJson(const ExportedPolicy& policy) {
  return {{"schema", kPolicySchema},
          {"task", TaskJson(policy)},
          {"observation", ObservationJson(policy)},
          {"action", ActionJson(policy)},
          {"network", NetworkJson(policy)},
          {"learning", LearningJson(policy)},
          {"training", TrainingJson(policy)},
          {"versions", ProgramFacts()},
          {"test_vectors", VectorsJson(policy.vectors)}};
}

}  // namespace anole::exports
