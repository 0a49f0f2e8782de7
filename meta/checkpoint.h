// Parameters and whole training states as safetensors files.
//
// Tensors are named by the inner loop's Layout, so that another program can run the policy;
// meta/README.md documents them. A checkpoint also holds what only training needs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "agents/inner_loop.h"
#include "meta/safetensors.h"

namespace anole {

// Writes all of `state`. `notes` go into the file's metadata, for people.
void SaveState(const std::filesystem::path& path, const MetaState& state, const Layout& layout,
               const std::map<std::string, std::string>& notes);

// Throws UserError with the path where it is no file of SaveState, or is damaged.
void CheckUndamaged(const std::filesystem::path& path);

// Reads a file of SaveState. Throws UserError with the path where it is no such file, is damaged,
// belongs to another architecture (which tensor, its shape and the expected one), or where theta or
// the context holds a number that is not finite.
MetaState LoadState(const std::filesystem::path& path, const Layout& layout);

// 64 bits that tell parameters apart: FNV-1a over theta and the context, as 16 hex digits. The same
// for a state and for the file that it was saved to.
std::string Signature(const MetaState& state);
std::string Signature(const TensorFile& file);

}  // namespace anole
