// point-navigation: a point goes to a target in the plane (Finn, Abbeel, Levine 2017).
// Task: target (x, y) [m], uniform in [-.5, .5]^2, or see test_ring.h. Observation: position [m].
// Action: displacement of .1 m per unit, axis and control step, clipped to +-1.
// Reward: -distance to the target after the step [m] (the paper's text says squared distance; its
// code, and ours, does not square). Sparse: 1 - distance / radius within a radius of the target,
// else 0; the default radius is that of Rakelly et al. 2019 (oyster), the slope within it ours.
// Success: the episode ends within one stride of the target.
// There are no dynamics to integrate: the family moves the point itself.
#include <algorithm>
#include <string_view>

#include "envs/displays/point_display.h"
#include "envs/families/simulated_family.h"
#include "envs/families/test_ring.h"

namespace anole {
namespace {

constexpr std::string_view kPoint = "point.xml";
constexpr double kPointReach = 0.5;  // [m] of targets along each axis
constexpr double kStride = 0.1;      // [m] per unit of action
constexpr double kPointClose = 0.1;  // [m] from the target: success
constexpr double kControlDt = .1;    // [s] for displays only

enum class RewardKind { kDense, kSparse };

constexpr auto WordsOf(RewardKind) {
  return Words<RewardKind>({{RewardKind::kDense, "dense"}, {RewardKind::kSparse, "sparse"}});
}

class PointNavigation : public SimulatedFamily {
 public:
  struct Options {
    std::int64_t horizon = 100;
    RewardKind reward = RewardKind::kDense;
    double sparse_radius = 0.2;  // [m]
    TestRing ring;

    static void Describe(VisitOf<Options> visit) {
      visit("task.horizon", &Options::horizon,
            {.help = "length of an episode", .unit = "control steps", .min = 1, .max = 1e6});
      visit(
          "task.reward", &Options::reward,
          {.help = "dense: -distance to the target; sparse: 0 but near the target, where it rises "
                   "to 1"});
      if (const auto where =
              visit.Where(visit->reward == RewardKind::kSparse, "task.reward = \"sparse\"")) {
        where(
            "task.sparse_radius", &Options::sparse_radius,
            {.help = "how near a sparse reward begins", .unit = "m", .max = 100, .positive = true});
      }
      visit(&Options::ring, 100);
    }
  };

  explicit PointNavigation(const Options& options)
      : SimulatedFamily(kPoint, LoadLeanEmbeddedModel(kPoint).model), options_(options) {
    const double reach = options.ring.Reach(kPointReach);
    spec_.observation_dim = 2;
    spec_.action_dim = 2;
    spec_.observations = {{.name = "position", .unit = "m", .size = 2}};
    for (const char* axis : {"x", "y"}) {
      spec_.actions.push_back(
          {.actuator = axis, .quantity = "displacement", .unit = "m", .scale = kStride});
    }
    spec_.horizon = options.horizon;
    spec_.control_dt = kControlDt;
    spec_.diverged_reward = -2 * reach;  // no target is so far from where it starts
    spec_.task_parameters = {{"target_x", "m"}, {"target_y", "m"}};
    spec_.task_ranges = options.ring.Ranges(kPointReach);
    spec_.display = std::make_shared<PointDisplay>();
    spec_.has_success = true;
    switch (options.reward) {
      case RewardKind::kDense:
        spec_.reward_terms = {{"distance", "m"}};
        break;
      case RewardKind::kSparse:
        spec_.reward_terms = {{"nearness", ""}};
        break;
    }
  }

  Vector Sample(Rng& rng, const TaskPlace& place) const override {
    if (options_.ring.Has(place)) return options_.ring.Sample(rng);
    const double x = rng.Uniform(-kPointReach, kPointReach);
    return Eigen::Vector2d(x, rng.Uniform(-kPointReach, kPointReach));
  }

  void Reset(VectorIn /*task*/, Simulation& /*simulation*/) const override {
    // Every episode starts at the origin, where mj_resetData has put the point.
  }

  void Observe(VectorIn /*task*/, Simulation& simulation, VectorOut observation) const override {
    observation = Position(simulation);
  }

  Outcome Step(VectorIn task, VectorIn action, Simulation& simulation,
               VectorOut reward_terms) const override {
    Position(simulation) += kStride * action.cwiseMax(-1).cwiseMin(1);
    simulation.data.time += kControlDt;
    const double distance = (Position(simulation) - task).norm();
    reward_terms[0] = Reward(distance);
    return {.reward = reward_terms[0], .success = distance < kPointClose};
  }

 private:
  double Reward(double distance) const {
    switch (options_.reward) {
      case RewardKind::kDense:
        return -distance;
      case RewardKind::kSparse:
        break;
    }
    return std::max(0., 1 - distance / options_.sparse_radius);
  }
  static Eigen::Map<Eigen::Vector2d> Position(Simulation& simulation) {
    return Eigen::Map<Eigen::Vector2d>(simulation.data.qpos);
  }

  Options options_;
};

const RegisterFamily<PointNavigation> registration("point-navigation",
                                                   "a point goes to a target in the plane");

}  // namespace
}  // namespace anole
