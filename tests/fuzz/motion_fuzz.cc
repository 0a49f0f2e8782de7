// Files of motions.
#include <algorithm>
#include <cmath>

#include "envs/robot/motion_table.h"
#include "tests/fuzz/harness.h"

namespace anole::fuzz {
namespace {

void FuzzMotion(std::string_view input) {
  const std::filesystem::path file = Write("motion.csv", input);
  Accept([&] {
    const MotionTable table(file);
    const auto columns = static_cast<Eigen::Index>(table.columns().size());
    Require(columns > 0 && table.clips() > 0, "nothing is in it");
    for (std::size_t clip = 0; clip < table.clips(); ++clip) {
      const double length = table.length(clip);
      Require(length > 0 && std::isfinite(length), "a clip has no length");
      for (const double time : {0.0, length / 3, length}) {
        const MotionTable::Moment moment = table.At(clip, time);
        Require(moment.dt > 0 && moment.share >= 0 && moment.share <= 1, "no moment is there");
        for (Eigen::Index column = 0; column < columns; ++column) {
          const double earlier = table.Value(column, {.row = moment.row, .share = 0});
          const double later = table.Value(column, {.row = moment.row, .share = 1});
          const double value = table.Value(column, moment), slack = 1e-9 * (1 + std::abs(value));
          Require(value >= std::min(earlier, later) - slack &&
                      value <= std::max(earlier, later) + slack,
                  "a value is not between its neighbours");
          Require(!std::isnan(table.Rate(column, moment)), "a rate is no number");
        }
      }
    }
  });
}

const RegisterHarness registration("motion", {FuzzMotion});

}  // namespace
}  // namespace anole::fuzz
