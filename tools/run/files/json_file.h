// JSON that the program once wrote, and that anybody may have changed since.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>

namespace anole {

// What a file of at most `max_bytes` holds; null where there is no such file, or where it is no
// regular one, longer, no JSON, or nested deeper than anything that this program writes. Throws
// std::filesystem::filesystem_error where it cannot be read.
nlohmann::ordered_json ReadJson(const std::filesystem::path& file, std::uintmax_t max_bytes);

}  // namespace anole
