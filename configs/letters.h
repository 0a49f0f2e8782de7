// A detour around a bug of toml++ 3.3 and 3.4 (github.com/marzer/tomlplusplus/issues/295): its test
// for blanks has no defined result for letters such as 'é', and makes them of a misspelt file, or
// of a word typed without quotes, into undefined behaviour. Letters above U+FFFF are not affected.
#pragma once

#include <string>
#include <string_view>

namespace anole {

// Moves each letter from U+0080 to U+FFFF up by 0x100000, into a range that is for private use.
// Lines and columns stay the same; what is no UTF-8 stays, for toml++ to refuse.
std::string RaiseLetters(std::string_view text);

// The inverse. A text that has private letters of its own above U+100000 does not come back.
std::string LowerLetters(std::string_view text);

}  // namespace anole
