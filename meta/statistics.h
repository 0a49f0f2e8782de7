// What several training runs say together. The unit is the seed: tasks and episodes of one run
// share its parameters, so they are averaged first.
#pragma once

#include <cstdint>
#include <span>

#include "envs/linear_algebra.h"

namespace anole {

// The fewest seeds from which an interval is claimed; below it, the values are listed.
inline constexpr Eigen::Index kMinSeeds = 5;

// Mean of the middle half of the values (Agarwal et al. 2021, "Deep Reinforcement Learning at the
// Edge of the Statistical Precipice"). Where a quarter of them is no whole number, the two values
// at the edges count in part; so it is the mean for fewer than three.
double InterquartileMean(VectorIn values);

// The values of all strata, one after another.
Vector Pool(std::span<const Vector> strata);

struct Interval {
  double low = 0, high = 0;
};

// 95 % percentile interval of the interquartile mean over all values, by the stratified bootstrap:
// seeds are drawn anew within each stratum (a stratum: one method's seeds). Always the same for the
// same values.
Interval BootstrapInterval(std::span<const Vector> strata);

// Where 99 of 100 further values would be, of a normal distribution that these were drawn from:
// their mean and Student's t. NaN of fewer than three values, or where one is NaN.
Interval PredictionInterval(VectorIn values);

}  // namespace anole
