// The array types of anole. Matrices are column-major: one column is one sample, task or time step.
#pragma once

#include <Eigen/Core>

namespace anole {

using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;
using VectorIn = Eigen::Ref<const Vector>;
using VectorOut = Eigen::Ref<Vector>;
using MatrixIn = Eigen::Ref<const Matrix>;
using MatrixOut = Eigen::Ref<Matrix>;

}  // namespace anole
