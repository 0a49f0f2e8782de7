// Parameters and whole training states as safetensors files.
//
// Tensors are named by the inner loop's Layout, so that another program can run the policy;
// meta/README.md documents them. A checkpoint also holds what only training needs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "agents/inner_loop.h"
#include "meta/meta_state.h"
#include "meta/safetensors.h"

namespace anole {

// What a file's metadata tell, each by its name.
using Notes = std::map<std::string, std::string>;

// Writes all of `state`, and `notes` into the file's metadata. In single precision, the file is
// read as the state of rounded numbers.
void SaveState(const std::filesystem::path& path, const MetaState& state, const Layout& layout,
               const Notes& notes, Precision precision = Precision::kDouble);

// The notes of a file of SaveState. Throws UserError as CheckUndamaged does.
Notes ReadNotes(const std::filesystem::path& path);

// Throws UserError with the path where it is no file of SaveState, or is damaged.
void CheckUndamaged(const std::filesystem::path& path);

// What an outer optimiser remembers, as a file must hold it for training to go on.
struct OptimizerMemory {
  std::string name;       // of the optimiser; the file's notes may tell it as kOptimizerNote
  std::int64_t size = 0;  // from the first step on
};
inline constexpr const char* kOptimizerNote = "optimizer";

// Throws UserError with the path where the file of SaveState holds the memory of another optimiser,
// or of none.
void CheckOptimizer(const std::filesystem::path& path, const OptimizerMemory& expected);

// Reads a file of SaveState. Throws UserError with the path where it is no such file, is damaged,
// belongs to another architecture (which tensor, its shape and the expected one), or where theta or
// the context holds a number that is not finite, or less than it can be.
MetaState LoadState(const std::filesystem::path& path, const Layout& layout);

// The iteration that validation found the best up to the state in a file of SaveState; nothing
// where there was no validation yet. Throws UserError as CheckUndamaged does.
std::optional<std::int64_t> BestIteration(const std::filesystem::path& path);

// 64 bits that tell parameters apart: FNV-1a over theta and the context, as 16 hex digits; of a run
// over what it has Learned. The same for a state and for the file that it was saved to.
std::string Signature(const Learnable& learned);
std::string Signature(const MetaState& state);
std::string Signature(const TensorFile& file);

}  // namespace anole
