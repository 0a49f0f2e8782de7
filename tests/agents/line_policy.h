// A policy that can be worked by hand: one linear input, one action, so mean = w * o + b with
// deviation 1; and a batch of two steps.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "agents/control/inner_learner.h"
#include "configs/reader.h"

namespace anole {

inline std::unique_ptr<InnerLearner> MakeLearner(const std::string& name,
                                                 const std::string& options) {
  const auto maker = InnerLearners::NewMaker(name);
  const Settings settings = Settings::FromText("[inner]\n" + options, "test");
  SettingsReader reader(settings);
  maker->Describe(reader);
  return maker->Make();
}

// Those that update parameters.
inline std::vector<std::string> UpdatingLearners() {
  std::vector<std::string> names = InnerLearners::names();
  std::erase_if(names,
                [](const std::string& name) { return MakeLearner(name, "")->adapts_by_memory(); });
  return names;
}

class LinePolicyTest : public testing::Test {
 protected:
  // log_std: where it is not learned; params: w, b and, where it is learned, log_std.
  ControlPolicy<float> Policy(VectorIn params) const {
    return {shape_,
            params,
            shape_.learns_log_std ? shape_.LearnedLogStd(params) : log_std_,
            {Vector::Zero(1), Vector::Ones(1)}};
  }

  // An update by learner `name` on samples_ alone.
  UpdateStats Update(const std::string& name, const std::string& options, Vector& params,
                     std::int64_t update = 0) {
    address_.inner_step = update;
    const std::vector<Samples> tasks = {samples_};
    if (step_scale_.size() != params.size()) step_scale_ = Vector::Ones(params.size());
    return MakeLearner(name, options)
        ->Update(Policy(params), tasks,
                 {.address = address_, .step_scale = step_scale_, .noise_ratio = noise_ratio_},
                 memory_, params);
  }

  // What the policy at `params` thinks of the actions of samples_; Samples have it from rollouts.
  void RecordLogProbs(VectorIn params) {
    samples_.log_probs = Policy(params).LogProbs(samples_.observations, samples_.actions);
  }

  PolicyShape shape_{MlpShape(1, {}, 1)};
  Vector log_std_ = Vector::Zero(1);
  Vector memory_, step_scale_;
  double noise_ratio_ = 1;
  Address address_;
  // At w = b = 0: gradient in w = (1 * 3 * 1 + -1 * -1 * 2) / 2 = 2.5, in b = (3 + 1) / 2 = 2.
  Samples samples_{(Matrix(1, 2) << 1, 2).finished(), (Matrix(1, 2) << 3, -1).finished(),
                   Vector::Zero(2), Eigen::Vector2d(1, -1)};
};

}  // namespace anole
