// Numbers of things in messages.
#pragma once

#include <cstdint>
#include <string>

namespace anole {

// "1 update", "2 updates".
inline std::string CountText(std::int64_t count, const std::string& thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

}  // namespace anole
