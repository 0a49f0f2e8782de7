// Files of text that people write: their size is checked before anything is read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace anole {

// The bytes of a file. what: "a TOML file". Throws UserError with the path where there is none, or
// no regular file (a pipe might never end), where it is longer than `max_bytes`, or cannot be read.
std::string ReadTextFile(const std::filesystem::path& path, std::uintmax_t max_bytes,
                         const std::string& what);

}  // namespace anole
