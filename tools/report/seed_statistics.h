// What several seeds say together, in a table's cell and in JSON: below kMinSeeds every value, from
// there on an interval.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "envs/linear_algebra.h"

namespace anole::report {

// The number that a cell begins with: the mean or, of kMinSeeds seeds or more in each stratum, the
// interquartile mean; NaN where a value is.
double SeedsCenter(std::span<const Vector> strata);

// "473 [430, 512]" or, of few seeds, "473 (539, 509, 371)"; the value alone of one. "failed"
// where one is not a number.
std::string SeedsCell(std::span<const Vector> strata, int decimals);

// What these cells are, for a line of text.
std::string SeedsExplanation(Eigen::Index seeds);

// "mean" and, where there are seeds enough, "interquartile_mean" and "interval".
nlohmann::ordered_json SeedsJson(std::span<const Vector> strata);

}  // namespace anole::report
