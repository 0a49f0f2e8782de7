// Text of the user's, in a message: names and values may have any length, messages may not.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace anole {

// The text, or its beginning and its end where it has more than `longest` bytes, and how many these
// are. Letters of UTF-8 stay whole.
std::string Excerpt(std::string_view text, std::size_t longest = 200);

}  // namespace anole
