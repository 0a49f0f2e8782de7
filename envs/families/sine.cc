// sine: fit y = amplitude * sin(x + phase) (Finn, Abbeel, Levine 2017, section 5.1; as in Nichol,
// Achiam, Schulman 2018, section 4.1). Task: amplitude in [.1, 5] and phase in [0, 2 pi], uniform.
// An inner step sees a few x ~ U(-5, 5); 50 points that cover that range evenly score. The mean of
// all tasks is 0 everywhere, so joint training learns nothing that a task could start from.
#include <numbers>
#include <utility>

#include "envs/data_family.h"

namespace anole {
namespace {

constexpr double kSineReach = 5;  // of x
constexpr double kMinAmplitude = 0.1, kMaxAmplitude = 5;
constexpr Eigen::Index kQueryPoints = 50;

class Sine : public DataFamily {
 public:
  struct Options {
    std::int64_t points = 10;

    static void Describe(VisitOf<Options> visit) {
      visit("task.points", &Options::points,
            {.help = "examples of an inner step", .min = 1, .max = 1e6});
    }
  };

  explicit Sine(const Options& options) : points_(options.points) {
    spec_ = {.input_dim = 1,
             .output_dim = 1,
             .points = points_,
             .task_parameters = {{"amplitude", ""}, {"phase", "rad"}}};
  }

  const DataSpec& spec() const override { return spec_; }

  Vector Sample(Rng& rng, const TaskPlace& /*place*/) const override {
    const double amplitude = rng.Uniform(kMinAmplitude, kMaxAmplitude);
    return Eigen::Vector2d(amplitude, rng.Uniform(0, 2 * std::numbers::pi));
  }

  Batch Draw(VectorIn task, Rng& rng) const override {
    Matrix inputs(1, points_);
    for (double& x : inputs.reshaped()) x = rng.Uniform(-kSineReach, kSineReach);
    return Label(task, std::move(inputs));
  }

  Batch Query(VectorIn task) const override {
    return Label(task, Eigen::RowVectorXd::LinSpaced(kQueryPoints, -kSineReach, kSineReach));
  }

 private:
  static Batch Label(VectorIn task, Matrix inputs) {
    Matrix targets = task[0] * (inputs.array() + task[1]).sin();
    return {std::move(inputs), std::move(targets)};
  }

  std::int64_t points_;
  DataSpec spec_;
};

const RegisterDataFamily<Sine> registration("sine", "fit a sine from a few of its points");

}  // namespace
}  // namespace anole
