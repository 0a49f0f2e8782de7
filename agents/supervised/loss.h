// What a supervised task minimises, its gradient, and products with its Hessian.
#pragma once

#include "agents/network/mlp.h"
#include "envs/data_family.h"

namespace anole {

// Mean over points of the squared error, summed over outputs. The gradient, flat as the parameters,
// is written to `gradient` if there is one.
double SquaredError(const MlpShape& shape, VectorIn params, const Batch& batch,
                    Vector* gradient = nullptr);

// Mean over points of -log softmax(output)[right class] [nats].
double CrossEntropy(const MlpShape& shape, VectorIn params, const Batch& batch,
                    Vector* gradient = nullptr);

// (parameters): H v, with H the Hessian of a loss.
Vector SquaredErrorHessianProduct(const MlpShape& shape, VectorIn params, const Batch& batch,
                                  VectorIn v);
Vector CrossEntropyHessianProduct(const MlpShape& shape, VectorIn params, const Batch& batch,
                                  VectorIn v);

// Share of points whose largest output is that of the right class.
double Accuracy(const MlpShape& shape, VectorIn params, const Batch& batch);

}  // namespace anole
