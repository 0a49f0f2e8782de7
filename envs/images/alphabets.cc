#include "envs/images/alphabets.h"

#include <algorithm>
#include <cstddef>
#include <system_error>
#include <utility>

#include "configs/user_error.h"
#include "envs/images/gray_image.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

// What is in a folder, by name.
std::vector<fs::path> Sorted(const fs::path& folder) {
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder)) entries.push_back(entry.path());
  std::ranges::sort(entries);
  return entries;
}

Character ReadCharacter(const fs::path& folder, int size) {
  Character character{.name = (folder.parent_path().filename() / folder.filename()).string(),
                      .images = {}};
  std::vector<Eigen::VectorXf> images;
  for (const fs::path& file : Sorted(folder)) {
    if (file.extension() == ".png") images.push_back(ReadDarkness(file, size));
  }
  character.images.resize(std::ptrdiff_t{size} * size, static_cast<Eigen::Index>(images.size()));
  for (std::size_t i = 0; i < images.size(); ++i) {
    character.images.col(static_cast<Eigen::Index>(i)) = images[i];
  }
  return character;
}

// By a quarter, against the clock.
Character Turned(const Character& character, int size) {
  Character turned{.name = character.name + "'", .images = character.images};
  for (int row = 0; row < size; ++row) {
    for (int column = 0; column < size; ++column) {
      turned.images.row((size - 1 - column) * size + row) =
          character.images.row(row * size + column);
    }
  }
  return turned;
}

}  // namespace

const std::vector<Character>& Alphabets::Of(Phase phase) const {
  switch (phase) {
    case Phase::kTrain:
      return train;
    case Phase::kValidation:
      return validation;
    case Phase::kTest:
      break;
  }
  return test;
}

Alphabets ReadAlphabets(const fs::path& folder, int size, bool rotations, std::int64_t least) try {
  if (!fs::is_directory(folder)) throw UserError(folder.string() + ": no such folder");
  Alphabets alphabets;
  std::size_t number = 0;
  for (const fs::path& alphabet : Sorted(folder)) {
    if (!fs::is_directory(alphabet)) continue;
    const std::size_t place = number++ % 8;
    std::vector<Character>& characters = place == 3 || place == 7 ? alphabets.test
                                         : place == 1             ? alphabets.validation
                                                                  : alphabets.train;
    for (const fs::path& path : Sorted(alphabet)) {
      if (!fs::is_directory(path)) continue;
      Character character = ReadCharacter(path, size);
      if (character.images.cols() < least) {
        throw UserError(path.string() + ": has " + std::to_string(character.images.cols()) +
                        " pictures (*.png), and at least " + std::to_string(least) + " are needed");
      }
      characters.push_back(std::move(character));
      const bool turn = rotations && &characters == &alphabets.train;
      for (int i = 0; turn && i < 3; ++i) characters.push_back(Turned(characters.back(), size));
    }
  }
  return alphabets;
} catch (const fs::filesystem_error& error) {
  throw UserError(error.path1().string() + ": " + error.code().message());
}

}  // namespace anole
