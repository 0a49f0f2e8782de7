#include "tools/report/fixed_point_text.h"

#include <fmt/format.h>

#include "tools/run/fixed_point.h"

namespace anole::report {

std::string FixedPointText(const Run& run) {
  const auto* const loop = dynamic_cast<const SupervisedLoop*>(&run.loop());
  if (loop == nullptr || !IsLine(*loop)) return "";
  const auto point = MetaFixedPoint(run.experiment(), *loop);
  if (!point) return "";
  const Vector theta = Learned(run.state()).theta;
  const auto text = [](const Vector& line) {
    return fmt::format("slope {:7.4f}, intercept {:7.4f}", line[0], line[1]);
  };
  return fmt::format(
      "learned:     {}\n"
      "closed form: {}  (where meta-training ends)\n"
      "distance:    {:.2g}\n",
      text(theta), text(*point), (theta - *point).norm());
}

}  // namespace anole::report
