#include "tools/report/seed_statistics.h"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "meta/statistics.h"
#include "tools/report/table_text.h"

namespace anole::report {
namespace {

bool Claims(std::span<const Vector> strata) { return strata.front().size() >= kMinSeeds; }

}  // namespace

double SeedsCenter(std::span<const Vector> strata) {
  const Vector pooled = Pool(strata);
  if (!pooled.allFinite()) return std::numeric_limits<double>::quiet_NaN();
  return Claims(strata) ? InterquartileMean(pooled) : pooled.mean();
}

std::string SeedsCell(std::span<const Vector> strata, int decimals) {
  const Vector pooled = Pool(strata);
  std::string center = ScoreText(SeedsCenter(strata), decimals);
  if (Claims(strata) && pooled.allFinite()) {
    const Interval interval = BootstrapInterval(strata);
    return fmt::format("{} [{}, {}]", center, DecimalText(interval.low, decimals),
                       DecimalText(interval.high, decimals));
  }
  if (pooled.size() == 1 || (Claims(strata) && !pooled.allFinite())) return center;
  std::string values;
  for (const double value : pooled) {
    values += (values.empty() ? "" : ", ") + ScoreText(value, decimals);
  }
  return fmt::format("{} ({})", center, values);
}

std::string SeedsExplanation(Eigen::Index seeds) {
  return seeds >= kMinSeeds
             ? "Interquartile mean over seeds [95 % interval, stratified bootstrap of seeds]."
             : "Mean (each seed's value): fewer than five seeds, so no claim.";
}

nlohmann::ordered_json SeedsJson(std::span<const Vector> strata) {
  const Vector pooled = Pool(strata);
  nlohmann::ordered_json json = {{"mean", pooled.mean()}};
  if (Claims(strata) && pooled.allFinite()) {
    const Interval interval = BootstrapInterval(strata);
    json["interquartile_mean"] = InterquartileMean(pooled);
    json["interval"] = {interval.low, interval.high};
  }
  return json;
}

}  // namespace anole::report
