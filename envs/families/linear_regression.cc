// linear-regression: fit y = intercept + slope * x, the worked example of Reptile. The tasks are a
// given, enumerated list of lines; each owns a fixed data set, x ~ U(-1, 1) with normal noise on y,
// so that the fixed points of the outer loop have a closed form.
#include <cmath>

#include "configs/user_error.h"
#include "envs/data_family.h"

namespace anole {
namespace {

class LinearRegression : public DataFamily {
 public:
  struct Options {
    std::vector<double> intercepts = {1, -1};
    std::vector<double> slopes = {2, 0.5};
    std::int64_t points = 10;
    double noise = 0.1;

    static void Describe(VisitOf<Options> visit) {
      visit("task.intercepts", &Options::intercepts,
            {.help = "intercept of each task's line", .min = -1e6, .max = 1e6, .min_size = 1});
      visit("task.slopes", &Options::slopes,
            {.help = "slope of each task's line", .min = -1e6, .max = 1e6, .min_size = 1});
      visit("task.points", &Options::points, {.help = "size of a data set", .min = 1, .max = 1e6});
      visit("task.noise", &Options::noise,
            {.help = "standard deviation of the targets", .min = 0, .max = 1e6});
    }
  };

  explicit LinearRegression(const Options& options) : options_(options) {
    if (options.intercepts.size() != options.slopes.size()) {
      throw OptionError("task.slopes", "must be as many as task.intercepts");
    }
    spec_ = {.input_dim = 1,
             .output_dim = 1,
             .points = options.points,
             .task_parameters = {{"intercept", ""}, {"slope", ""}, {"data_set", ""}}};
  }

  const DataSpec& spec() const override { return spec_; }

  Vector Sample(Rng& /*rng*/, const TaskPlace& place) const override {
    const std::size_t line = static_cast<std::size_t>(place.index) % options_.slopes.size();
    return Eigen::Vector3d(options_.intercepts[line], options_.slopes[line],
                           static_cast<double>(line));
  }

  Batch Draw(VectorIn task, Rng& /*rng*/) const override { return Query(task); }

  Batch Query(VectorIn task) const override {
    Rng data = Address{.task = std::llround(task[2])}.Open(Purpose::kLearner);
    Batch batch{Matrix(1, options_.points), Matrix(1, options_.points)};
    for (std::int64_t i = 0; i < options_.points; ++i) {
      const double x = data.Uniform(-1, 1);
      batch.inputs(0, i) = x;
      batch.targets(0, i) = task[0] + task[1] * x + options_.noise * data.Normal();
    }
    return batch;
  }

 private:
  Options options_;
  DataSpec spec_;
};

const RegisterDataFamily<LinearRegression> registration("linear-regression",
                                                        "fit a line to a task's own points");

}  // namespace
}  // namespace anole
