// Files of any size, block by block.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace anole {

// Calls `use` with the bytes of a file, block by block. Throws std::filesystem::filesystem_error
// where it cannot be read.
void ReadBlocks(const std::filesystem::path& file,
                const std::function<void(std::string_view bytes)>& use);

// All of its bytes; of a file that is not there, "". To take a file that cannot be read for an
// empty one would lose what is in it: throws as above.
std::string ReadWholeFile(const std::filesystem::path& file);

// The fingerprint of its bytes; nothing where there is no such file, where it cannot be read, or
// where it is no ordinary one: a pipe or a device may never end.
std::optional<std::string> FingerprintOfFile(const std::filesystem::path& file);

}  // namespace anole
