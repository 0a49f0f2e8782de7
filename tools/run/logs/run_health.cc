#include "tools/run/logs/run_health.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>

namespace anole {
namespace {

constexpr double kMuchKl = 5, kVeryMuchKl = 50;  // [nats] of an update; 1 is a long step already
constexpr double kMuchClipped = 0.5;             // share of action components
constexpr double kNoChange = 1e-9;               // of a score, relative
constexpr double kNoKl = 1e-12;                  // [nats] of an update

// NaN where the row has no such column.
double Value(const MetricsRow& row, const std::string& name) {
  const auto found = std::ranges::find(row, name, &MetricsRow::value_type::first);
  return found == row.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
}

// Of the score, whatever it is called: "before", "after", "after_1".
double ScoreIn(const MetricsRow& row, const std::string& name) {
  return std::fmax(Value(row, "return/" + name), Value(row, "loss/" + name));
}

// The longest of the updates.
double LargestKl(const MetricsRow& row) {
  double largest = std::numeric_limits<double>::quiet_NaN();
  for (const auto& [name, value] : row) {
    if (name.starts_with("kl/update_")) largest = std::fmax(largest, value);
  }
  return largest;
}

// Whether there is a score after an update at all: a single batch has but one, before.
bool Compares(const MetricsRow& row) { return !std::isnan(ScoreIn(row, "after_1")); }

// What adaptation gains, over the return before it; NaN where that is not measured. Long updates,
// and actions beyond their limits, are normal where a task asks for them (point-navigation): they
// are told of where they do not pay.
double RelativeGain(std::span<const MetricsRow> rows) {
  double gain = 0, size = 0;
  for (const MetricsRow& row : rows) {
    if (!Compares(row)) return std::numeric_limits<double>::quiet_NaN();
    const double before = Value(row, "return/before");
    gain += Value(row, "return/after") - before;
    size += std::abs(before);
  }
  return gain / size;
}

// By the scores, or by the policy itself. Updates that were refused are another matter.
bool Unchanged(const MetricsRow& row) {
  const double before = ScoreIn(row, "before"), after = ScoreIn(row, "after");
  if (Compares(row) && std::abs(after - before) <= kNoChange * std::abs(before)) return true;
  return LargestKl(row) <= kNoKl && Value(row, "inner/refused") != 1;
}

using Names = std::vector<std::string>;
using Options = std::vector<OptionDescription>;

// Of the options that are named, those of a value below `limit`.
Names Below(double limit, const Names& names, const Options& options) {
  Names found;
  for (const OptionDescription& option : options) {
    const bool named = std::ranges::count(names, option.name) > 0;
    if (named && std::strtod(option.default_value.c_str(), nullptr) < limit) {
      found.push_back(option.name);
    }
  }
  return found;
}

// "; look at inner.step_size (now 0.3)": of the names, those that the run has.
std::string LookAt(const Names& names, const Options& options) {
  std::string text;
  for (const OptionDescription& option : options) {
    if (std::ranges::count(names, option.name) == 0) continue;
    text += fmt::format("{}{} (now {})", text.empty() ? "; look at " : ", ", option.name,
                        option.default_value);
  }
  return text;
}

// Steps of no length: all else follows from them.
Names NoSteps(const Options& options) {
  return Below(std::numeric_limits<double>::min(), {"inner.step_size", "meta.step_size"}, options);
}

// What to look at where the policy moves far: its noise, where there is next to none.
Names FarMoves(const MetricsRow& row, const Options& options, Names steps) {
  if (!(Value(row, "inner/log_std") < kLittleNoise)) return steps;
  const Names noise = {"policy.log_std", "policy.log_std_final", "policy.log_std_floor"};
  const Names little = Below(kLittleNoise, noise, options);
  return little.empty() ? noise : little;
}

}  // namespace

std::vector<HealthWarning> Diagnose(std::span<const MetricsRow> rows, const Options& options) {
  std::vector<HealthWarning> warnings;
  if (rows.empty()) return warnings;
  const auto warn_if = [&](std::size_t count, const std::function<bool(const MetricsRow&)>& holds,
                           const std::string& kind, const std::string& text, const Names& names) {
    if (rows.size() < count || !std::ranges::all_of(rows.last(count), holds)) return;
    warnings.push_back({kind, text + LookAt(names, options)});
  };
  const MetricsRow& newest = rows.back();
  warn_if(2, [](const MetricsRow& row) { return Value(row, "inner/diverged") == 1; }, "diverged",
          "every episode diverges, so there is nothing to learn from",
          {"policy.log_std", "inner.step_size", "inner.kl", "meta.step_size", "meta.kl"});
  const auto rests = [](const MetricsRow& row) { return Value(row, "meta/step_norm") == 0; };
  const Names no_steps = NoSteps(options);
  if (!no_steps.empty()) {
    warn_if(3, rests, "no outer step", "theta stays as it is, for steps have no length", no_steps);
  }
  if (!warnings.empty()) return warnings;  // what else is to be seen follows from it
  const double gain = RelativeGain(rows.last(std::min(rows.size(), kHealthRows)));
  const std::string pays = std::isnan(gain) ? ""
                           : gain <= 0      ? "adaptation does not pay, and "
                                            : "adaptation hardly pays, and ";
  const double long_update = gain <= 0 ? kMuchKl : kVeryMuchKl;
  warn_if(
      kHealthRows,
      [&](const MetricsRow& row) { return !(gain >= 0.1) && LargestKl(row) > long_update; }, "kl",
      fmt::format("{}an update moves the policy by a KL divergence of {:.3g}, far above 1", pays,
                  LargestKl(newest)),
      FarMoves(newest, options,
               {"inner.step_size", "inner.kl", "inner.max_step_norm", "inner.epochs"}));
  warn_if(
      3, [](const MetricsRow& row) { return Value(row, "meta/kl") > kMuchKl; }, "outer kl",
      fmt::format("an outer step moves the adapted policies by a KL divergence of {:.3g}, far "
                  "above 1",
                  Value(newest, "meta/kl")),
      FarMoves(newest, options, {"meta.step_size", "meta.kl", "meta.outer_steps"}));
  warn_if(kHealthRows,
          [&](const MetricsRow& row) {
            return gain < 0.01 && Value(row, "inner/clipped") > kMuchClipped;
          },
          "clipped",
          fmt::format("{}{:.0f} % of what the policy commands is beyond its range and clipped",
                      pays, 100 * Value(newest, "inner/clipped")),
          {"policy.log_std", "policy.log_std_mode", "inner.step_size", "inner.max_step_norm",
           "inner.kl"});
  warn_if(kHealthRows, Unchanged, "no change", "updates change nothing that can be measured",
          !no_steps.empty() ? no_steps
                            : Names{"policy.log_std", "inner.step_size", "inner.kl",
                                    "inner.max_step_norm", "meta.step_size"});
  warn_if(kHealthRows, [](const MetricsRow& row) { return Value(row, "inner/refused") == 1; },
          "refused", "no inner update finds a good step",
          {"inner.kl", "inner.damping", "inner.backtracks", "inner.rollouts"});
  warn_if(3, rests, "no outer step", "no outer step is good; theta stays as it is",
          {"meta.kl", "meta.damping", "meta.backtracks", "meta.step_size", "meta.batch_size"});
  return warnings;
}

}  // namespace anole
