// A small picture as numbers.
#pragma once

#include <Eigen/Core>
#include <filesystem>

namespace anole {

// (size * size), row after row: how dark each part of a PNG is, from 0 (white) to 1. A picture of
// another size is averaged over the parts; transparent is white. Throws UserError where the file is
// no PNG, or is smaller than `size`.
Eigen::VectorXf ReadDarkness(const std::filesystem::path& file, int size);

}  // namespace anole
