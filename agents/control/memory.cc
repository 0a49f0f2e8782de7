// RL^2 (Duan et al. 2016; Wang et al. 2016): nothing is updated. A policy that remembers
// (policy.gru) goes through several episodes of a task without forgetting, and adapts by what it
// has seen of them; "after k updates" is after k episodes. What it learns from them is learned by
// the meta gradient, from whole trials.
#include <stdexcept>

#include "agents/control/inner_learner.h"

namespace anole {
namespace {

class Memory : public InnerLearner {
 public:
  struct Options {
    static void Describe(VisitOf<Options> /*visit*/) {}
  };

  explicit Memory(const Options& /*options*/) {}

  bool takes_step_scale() const override { return false; }
  bool adapts_by_memory() const override { return true; }
  std::string first_order_only() const override { return ""; }  // there is nothing to differentiate

  // An adaptation by memory asks for none.
  UpdateStats Update(const ControlPolicy<float>& /*policy*/, std::span<const Samples> /*samples*/,
                     const UpdateContext& /*context*/, Vector& /*memory*/,
                     VectorOut /*params*/) const override {
    throw std::logic_error("Update: the parameters of a policy that adapts by memory stay");
  }
};

const RegisterLearner<Memory> registration(
    "memory", "RL^2: no updates; a policy that remembers adapts as it acts");

}  // namespace
}  // namespace anole
