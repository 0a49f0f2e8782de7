// Pictures of characters in the layout of Omniglot: FOLDER/alphabet/character/*.png.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "envs/linear_algebra.h"
#include "envs/random.h"

namespace anole {

// The pictures of a character.
struct Character {
  std::string name;        // "greek/alpha"
  Eigen::MatrixXf images;  // (pixels x pictures), darkness in 0..1
};

// The characters of whole alphabets: what is tested is of none that was trained on. In alphabetical
// order, of each eight alphabets the fourth and the eighth are for tests and the second for
// validation.
struct Alphabets {
  std::vector<Character> train, validation, test;

  const std::vector<Character>& Of(Phase phase) const;
};

// Reads all pictures as size x size. With `rotations`, those turned by 90, 180 and 270 degrees are
// characters of their own, as Vinyals et al. 2016 and Nichol et al. 2018 have it in training.
// Throws UserError where there is no such folder, or a character has fewer than `least` pictures.
Alphabets ReadAlphabets(const std::filesystem::path& folder, int size, bool rotations,
                        std::int64_t least);

}  // namespace anole
