// Why a run goes nowhere, read off its metrics: what a person would see in the curves, told once.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "configs/lister.h"
#include "tools/run/logs/metrics.h"

namespace anole {

struct HealthWarning {
  std::string kind;  // "kl", "outer kl", "clipped", "no change", "refused", ...
  std::string text;  // what is the matter, and the option to look at

  bool operator==(const HealthWarning&) const = default;
};

// So many of the newest rows are looked at: a warning holds in several of them, in a row.
inline constexpr std::size_t kHealthRows = 5;

// Log standard deviation of actions below which there is so little noise that nearly every update
// moves the policy far: the dispersion is 1/50 of the unit.
inline constexpr double kLittleNoise = -4;

// What the newest rows of a run, oldest first, have in common. options: of the run, whose present
// values are named.
std::vector<HealthWarning> Diagnose(std::span<const MetricsRow> rows,
                                    const std::vector<OptionDescription>& options);

}  // namespace anole
