// ant-direction: run along a direction, as fast as possible (Finn, Abbeel, Levine 2017; any
// direction: Rakelly et al. 2019). Task: see directions.h. Reward: velocity along the direction +
// alive - control cost (- contact cost), with Ant-v5's weights, which are those of Rakelly et al.
#include "envs/families/ant.h"
#include "envs/families/directions.h"

namespace anole {
namespace {

class AntDirection : public Ant {
 public:
  struct Options : Ant::Options {
    Survival survival;
    Directions directions = {"forward-backward"};

    void Describe(OptionVisitor& visit) {
      Ant::Options::Describe(visit);
      survival.Describe(visit);
      directions.Describe(visit);
    }
  };

  explicit AntDirection(const Options& options)
      : Ant(options, {.parameters = {options.directions.parameter()},
                      .ranges = {options.directions.range()},
                      .display = options.directions.display(),
                      .reward_term = {"velocity", "m/s"},
                      .diverged_reward = -1,
                      .survival = options.survival}),
        directions_(options.directions) {}

  Vector Sample(Rng& rng, const TaskPlace& place) const override {
    return directions_.Sample(rng, place);
  }

 private:
  double GoalReward(VectorIn task, const Motion& motion) const override {
    return directions_.Unit(task).dot(motion.velocity);
  }

  Directions directions_;
};

const RegisterFamily<AntDirection> registration("ant-direction",
                                                "ant runs forwards or backwards, or any way");

}  // namespace
}  // namespace anole
