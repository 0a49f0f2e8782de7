#include "agents/conjugate_gradients.h"

#include <gtest/gtest.h>

namespace anole {
namespace {

TEST(ConjugateGradients, SolvesInAsManyStepsAsThereAreEigenvalues) {
  const Eigen::Vector4d diagonal(1, 10, 10, 1000);
  const Eigen::Vector4d b(1, -2, 3, 4);
  int products = 0;
  const auto product = [&](VectorIn v) -> Vector {
    ++products;
    return diagonal.cwiseProduct(v);
  };
  EXPECT_LT((ConjugateGradients(product, b, 50) - b.cwiseQuotient(diagonal)).norm(), 1e-9);
  EXPECT_LE(products, 4);
  products = 0;
  ConjugateGradients(product, b, 2);
  EXPECT_EQ(products, 2);
}

TEST(ConjugateGradients, StopsWhereTheMatrixIsNotPositive) {
  const auto negative = [](VectorIn v) -> Vector { return -v; };
  EXPECT_EQ(ConjugateGradients(negative, Vector::Ones(2), 5), Vector(Vector::Zero(2)));
  EXPECT_EQ(ConjugateGradients(negative, Vector::Zero(2), 5), Vector(Vector::Zero(2)));
}

}  // namespace
}  // namespace anole
