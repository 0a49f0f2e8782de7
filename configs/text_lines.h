// Text in lines that a terminal shows whole.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace anole {

inline constexpr std::size_t kTextWidth = 80;  // [columns]

// Of UTF-8 text, in columns, not bytes: units may be "m/s²".
std::size_t Columns(std::string_view text);

// Breaks the text into lines of at most `width` columns, between words; its own line breaks stay. A
// word that is longer has a line of its own.
std::vector<std::string> Wrap(std::string_view text, std::size_t width = kTextWidth);

// The lines of `text` beside `left`, from column `indent` on: "  name      what it is". Below it
// where there is no room.
std::string Beside(std::string_view left, std::string_view text, std::size_t indent);

}  // namespace anole
