// The ONNX file of an export, run by the ONNX Runtime of this machine's Python.
#pragma once

#include <filesystem>
#include <optional>

#include "envs/linear_algebra.h"

namespace anole::exports {

struct OnnxActions {
  Matrix actions;                 // (action_dim x observations), mean
  double seconds_per_action = 0;  // one at a time, Python's share included
};

// observations: (observation_dim x n). Nothing where python3 has no onnxruntime. Throws
// std::runtime_error where that refuses the file.
std::optional<OnnxActions> RunOnnx(const std::filesystem::path& file, MatrixIn observations,
                                   Eigen::Index action_dim);

}  // namespace anole::exports
