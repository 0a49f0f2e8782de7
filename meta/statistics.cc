#include "meta/statistics.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <cstddef>
#include <vector>

#include "envs/random.h"

namespace anole {
namespace {

constexpr int kResamples = 10000;

Vector Resample(VectorIn values, Rng& rng) {
  Vector drawn(values.size());
  for (double& value : drawn) {
    const double place = rng.Uniform(0, static_cast<double>(values.size()));
    value = values[static_cast<Eigen::Index>(place)];
  }
  return drawn;
}

}  // namespace

Vector Pool(std::span<const Vector> strata) {
  Eigen::Index size = 0;
  for (const Vector& stratum : strata) size += stratum.size();
  Vector pooled(size);
  Eigen::Index next = 0;
  for (const Vector& stratum : strata) {
    pooled.segment(next, stratum.size()) = stratum;
    next += stratum.size();
  }
  return pooled;
}

double InterquartileMean(VectorIn values) {
  Vector sorted = values;
  std::ranges::sort(sorted);
  const double quarter = static_cast<double>(sorted.size()) / 4;
  double sum = 0;
  for (Eigen::Index i = 0; i < sorted.size(); ++i) {
    // The part of [i, i + 1) that lies between the quartiles.
    const double from = std::max(static_cast<double>(i), quarter);
    const double to = std::min(static_cast<double>(i + 1), 3 * quarter);
    sum += std::max(to - from, 0.) * sorted[i];
  }
  return sum / (2 * quarter);
}

Interval PredictionInterval(VectorIn values) {
  constexpr Eigen::Index kFewest = 3;
  constexpr double kMissed = 0.01;
  if (values.size() < kFewest || !values.allFinite()) return {std::nan(""), std::nan("")};
  const auto count = static_cast<double>(values.size());
  const double variance = (values.array() - values.mean()).square().sum() / (count - 1);
  const boost::math::students_t distribution(count - 1);
  const double half =
      boost::math::quantile(distribution, 1 - kMissed / 2) * std::sqrt(variance * (1 + 1 / count));
  return {values.mean() - half, values.mean() + half};
}

Interval BootstrapInterval(std::span<const Vector> strata) {
  Rng rng = Address{}.Open(Purpose::kLearner);
  std::vector<double> means(kResamples);
  std::vector<Vector> drawn(strata.size());
  for (double& mean : means) {
    for (std::size_t i = 0; i < strata.size(); ++i) drawn[i] = Resample(strata[i], rng);
    mean = InterquartileMean(Pool(drawn));
  }
  std::ranges::sort(means);
  return {means[kResamples / 40], means[kResamples - 1 - kResamples / 40]};
}

}  // namespace anole
