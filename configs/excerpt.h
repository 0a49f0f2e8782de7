// Text of the user's, in a message: names and values may have any length, messages may not.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace anole {

// The text, or its beginning and its end where it has more than `longest` bytes, and how many these
// are. Letters of UTF-8 stay whole.
std::string Excerpt(std::string_view text, std::size_t longest = 200);

// The text as one line that a terminal shows: a line break is a blank, and what it might take for a
// command, as a stranger's file may hold, is told by its code: "\x1b[2J". UTF-8 stays.
std::string OneLine(std::string_view text);

}  // namespace anole
