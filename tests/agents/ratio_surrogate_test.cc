#include "agents/control/ratio_surrogate.h"

#include <gtest/gtest.h>

#include "tests/agents/finite_differences.h"
#include "tests/agents/random_samples.h"

namespace anole {
namespace {

constexpr int kObservations = 3, kActions = 2;

// In double, between batches of two tasks and a policy that has moved away from them.
TEST(RatioSurrogate, DerivativesAgreeWithFiniteDifferences) {
  Rng rng = Address{.seed = 5}.Open(Purpose::kAction);
  const PolicyShape shape{MlpShape(kObservations, {6}, kActions), true};
  Vector params = Vector::Constant(shape.size(), -0.3);
  params.head(shape.network.size()) = shape.network.InitialParams(rng, 1);
  const auto policy = [&]<class Scalar>(Scalar /*type*/, VectorIn at) {
    return PolicyAt<Scalar>(shape, at);
  };
  const std::vector<Samples> samples = {RandomSamples(policy(1.F, params), kObservations, 50, rng),
                                        RandomSamples(policy(1.F, params), kObservations, 20, rng)};
  const auto random = [&] {
    return Vector(Vector::NullaryExpr(shape.size(), [&] { return rng.Normal(); }));
  };
  const Vector moved = params + 0.2 * random(), v = random();
  for (const double clip : {kNoClip, 0.3}) {
    EXPECT_LT(
        RelativeError(
            RatioGradient(policy(1., moved), samples, clip),
            FiniteDifferences(
                [&](VectorIn at) { return RatioSurrogate(policy(1., at), samples, clip); }, moved)),
        1e-6);
  }
  EXPECT_GT(
      (RatioGradient(policy(1., moved), samples, 0.3) - RatioGradient(policy(1., moved), samples))
          .norm(),
      0)
      << "nothing is clipped";
  const auto gradient = [&](double h) { return RatioGradient(policy(1., moved + h * v), samples); };
  EXPECT_LT(RelativeError(RatioHessianProduct(policy(1., moved), samples, v),
                          (gradient(1e-5) - gradient(-1e-5)) / 2e-5),
            1e-6);
}

}  // namespace
}  // namespace anole
