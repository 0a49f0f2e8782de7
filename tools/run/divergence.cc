#include "tools/run/divergence.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/run/logs/run_health.h"
#include "tools/run/logs/run_history.h"

namespace anole {
namespace {

// Of one of these, an experiment has the first that applies.
constexpr std::array<std::string_view, 2> kInner = {"inner.step_size", "inner.kl"};
constexpr std::array<std::string_view, 2> kOuter = {"meta.step_size", "meta.kl"};
constexpr std::array<std::string_view, 2> kNoise = {"policy.log_std", "policy.log_std_final"};
// Others that bound steps.
constexpr std::array<std::string_view, 8> kBounds = {
    "inner.max_step_norm", "inner.max_gradient_norm", "inner.step_size_rate", "inner.step_decay",
    "critic.step_size",    "meta.step_size_decay",    "meta.outer_steps",     "inner.epochs"};

struct Choice {
  std::string name, value;  // as in TOML; empty: the experiment has none

  double number() const { return std::strtod(value.c_str(), nullptr); }
};

Choice Find(const std::vector<OptionDescription>& options,
            std::span<const std::string_view> names) {
  for (const OptionDescription& option : options) {
    if (std::ranges::count(names, option.name) > 0) return {option.name, option.default_value};
  }
  return {};
}

std::string Text(const Choice& choice) {
  return fmt::format("{} (now {})", choice.name, choice.value);
}

// "make meta.step_size (now 1) smaller, or inner.step_size (now 0.3)", and the hint for the first.
void Advise(const Choice& first, const Choice& second, Divergence& divergence) {
  const Choice& chosen = first.name.empty() ? second : first;
  if (chosen.name.empty()) return;
  divergence.reason += fmt::format("; make {} smaller", Text(chosen));
  if (!first.name.empty() && !second.name.empty()) divergence.reason += ", or " + Text(second);
  divergence.hint = fmt::format("--{}={:g}", chosen.name, chosen.number() / 10);
}

// Of adaptations: where a part of theta has steps of its own, those.
Choice FindInner(const std::vector<OptionDescription>& options, const std::string& part) {
  const std::string own = part + ".step_size";
  const std::string_view name = own;
  const Choice of_part = Find(options, std::span(&name, 1));
  return of_part.name.empty() ? Find(options, kInner) : of_part;
}

// With next to no noise every step is a long one; but a run keeps its noise.
void BlameNoise(const std::vector<OptionDescription>& options, const std::string& part,
                Divergence& divergence) {
  if (part == "critic") return;
  for (const std::string_view name : kNoise) {
    const Choice noise = Find(options, std::span(&name, 1));
    if (noise.name.empty() || noise.number() >= kLittleNoise) continue;
    divergence.reason +=
        fmt::format("; with more noise, {}, a new run takes longer steps", Text(noise));
    return;
  }
}

}  // namespace

Divergence Explain(const RunawayError& error, const Experiment& experiment, bool outer_led) {
  const std::vector<OptionDescription> options = experiment.Options();
  const Choice inner = FindInner(options, error.part()), outer = Find(options, kOuter);
  Divergence divergence{.iteration = error.iteration(), .reason = error.what()};
  if (outer_led || error.from() == RunawayError::From::kOuterStep) {
    Advise(outer, inner, divergence);
  } else {
    Advise(inner, outer, divergence);
  }
  BlameNoise(options, error.part(), divergence);
  return divergence;
}

Divergence ExplainIdle(std::int64_t iteration, const Experiment& experiment) {
  const std::vector<OptionDescription> options = experiment.Options();
  Divergence divergence{
      .iteration = iteration,
      .reason = fmt::format("iteration {}: in the last {} every episode diverged at once, so that "
                            "there is nothing to learn from",
                            iteration, kMaxIdleIterations)};
  Advise(Find(options, kInner), Find(options, kOuter), divergence);
  divergence.reason += ", or look at the physics of the task";
  return divergence;
}

bool IsStepOption(const std::string& option) {
  return std::ranges::count(kInner, option) > 0 || std::ranges::count(kOuter, option) > 0 ||
         std::ranges::count(kBounds, option) > 0;
}

std::optional<Divergence> ReadDivergence(const RunDirectory& directory) {
  const std::vector<std::filesystem::path> files = directory.checkpoints().Files();
  if (files.empty()) return {};
  const std::string newest = files.back().parent_path().filename().string();  // "step_000012"
  const std::int64_t stored =
      std::strtoll(newest.substr(newest.find('_') + 1).c_str(), nullptr, 10);
  const auto starts = ReadStarts(directory.meta());
  for (auto start = starts.rbegin(); start != starts.rend(); ++start) {
    if (!start->is_object() || !start->contains("diverged")) continue;
    try {
      const auto& told = start->at("diverged");
      if (start->at("iteration").get<std::int64_t>() != stored) return {};
      return Divergence{.iteration = told.at("iteration").get<std::int64_t>(),
                        .reason = told.at("reason").get<std::string>()};
    } catch (const nlohmann::json::exception&) {
      return {};  // not as this program writes it
    }
  }
  return {};
}

}  // namespace anole
