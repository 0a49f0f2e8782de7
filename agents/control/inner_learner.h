// An inner learner: how a policy is improved from a batch of its own episodes.
#pragma once

#include <span>
#include <stdexcept>
#include <string>

#include "agents/control/advantages.h"
#include "agents/network/policy.h"
#include "configs/registry.h"
#include "envs/linear_algebra.h"
#include "envs/random.h"

namespace anole {

struct GradientStepOptions;  // gradient_step.h

// What a learner knows of the update beside the samples.
struct UpdateContext {
  // Of the batch; inner_step: number of updates made before. What a learner draws for the task of
  // samples[j] is from Purpose::kLearner at task number address.task + j.
  const Address& address;
  const Vector& step_scale;  // (parameters): multiplies the step, learned and per layer
  double noise_ratio = 1;    // sigma / sigma_0: action noise now over that at the first iteration
  // Of the surrogate that is climbed: mean(r A), r the likelihood ratio against the policy that
  // sampled, instead of mean(A log pi)? With that policy itself only their curvatures differ. Asked
  // of learners that have derivatives.
  bool ratios = false;
};

struct UpdateStats {
  Vector gradient;  // (parameters), ascent direction of the return, before any clipping
  // (parameters): along which each layer moved, whatever its length; step sizes are learned from
  // it. Empty: along the gradient.
  Vector direction;
  double step_norm = 0;
  bool refused = false;  // no good step was found, so the parameters are as they were: no samples,
                         // a gradient that is not finite, or a line search that failed
};

// Const and thread-safe.
class InnerLearner {
 public:
  virtual ~InnerLearner() = default;

  // Whether UpdateContext::step_scale does anything.
  virtual bool takes_step_scale() const { return true; }

  // Whether the policy learns by what it remembers, and its parameters stay: an "update" is an
  // episode more that it has met.
  virtual bool adapts_by_memory() const { return false; }

  // Improves `params`. samples: of each task that is learned at once (one, or those of a mixture),
  // drawn with `policy`, whose parameters are `params`, or, where an update is made again from
  // other parameters (frozen_adaptation.h), with the policy that it was made from first; advantages
  // normalised as the user wants them. memory: what the learner keeps between the updates of an
  // adaptation; empty at first.
  virtual UpdateStats Update(const ControlPolicy<float>& policy, std::span<const Samples> samples,
                             const UpdateContext& context, Vector& memory,
                             VectorOut params) const = 0;

  // How long the steps are of a learner whose update is nothing but one plain gradient step of the
  // log-likelihoods, weighted with the advantages; null of all others.
  virtual const GradientStepOptions* plain_step() const { return nullptr; }

  // Why the derivatives below cannot be had, as the user is told; empty: it can.
  virtual std::string first_order_only() const {
    return "the updates of this inner.learner are not differentiated; choose \"vpg\"";
  }

  // (parameters): J^T v, with J the derivative of the parameters after an update in those before
  // it, samples and step_scale held fixed. Of an update that was not refused; the arguments are
  // those of Update, `stats` its answer.
  virtual Vector BackPropagate(const ControlPolicy<float>& /*policy*/,
                               std::span<const Samples> /*samples*/,
                               const UpdateContext& /*context*/, const UpdateStats& /*stats*/,
                               VectorIn /*v*/) const {
    throw std::logic_error("BackPropagate: " + first_order_only());
  }

  // (parameters): J u.
  virtual Vector Propagate(const ControlPolicy<float>& /*policy*/,
                           std::span<const Samples> /*samples*/, const UpdateContext& /*context*/,
                           const UpdateStats& /*stats*/, VectorIn /*u*/) const {
    throw std::logic_error("Propagate: " + first_order_only());
  }

 protected:
  // How every update begins: whether the samples give a gradient to follow.
  static UpdateStats Begin(Vector gradient, std::span<const Samples> samples);
};

using InnerLearners = Registry<InnerLearner>;
template <class Learner>
using RegisterLearner = Registration<InnerLearner, Learner>;

}  // namespace anole
