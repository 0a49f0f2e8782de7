// What a trial has reached with one seed after a rung, and the file that keeps it:
//
//   DIR/runs/reptile-03-101          an ordinary run: method, number of the trial, seed
//   DIR/scores/reptile-03-101/000400.json    its scores after 400 iterations
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "envs/linear_algebra.h"
#include "tools/report/tune/spec.h"

namespace anole::tune {

// One seed of a trial up to a rung: what is done in one piece.
struct Piece {
  std::size_t method = 0, trial = 0, rung = 0, seed = 0;  // places in the specification
};

struct Score {
  Vector means;              // (updates + 1): of the validation tasks; NaN where it failed
  std::int64_t samples = 0;  // environment steps, or examples, that were trained with
  std::string failure;       // why the numbers are none; empty: they are
};

// The run of a piece, what it is trained and scored with, and the file of its score.
std::filesystem::path RunPath(const std::filesystem::path& folder, const TuneSpec& spec,
                              const Piece& piece);
Settings RunSettings(const TuneSpec& spec, const Piece& piece);
std::filesystem::path ScorePath(const std::filesystem::path& folder, const TuneSpec& spec,
                                const Piece& piece);

// Nothing where there is none yet, or where it is damaged. Throws UserError, which names the
// option, where it was made with others.
std::optional<Score> ReadScore(const std::filesystem::path& folder, const TuneSpec& spec,
                               const Piece& piece);

// Throws std::filesystem::filesystem_error.
void WriteScore(const std::filesystem::path& folder, const TuneSpec& spec, const Piece& piece,
                const Score& score);

}  // namespace anole::tune
