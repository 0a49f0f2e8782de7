// Help after a misspelt name: the nearest known one, or all of them where they are few.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace anole {

// The known name that `word` was probably meant to be, or "" if none is near; of several that are
// equally near the first. Never `word` itself. Case and the difference of '-' and '_' do not count;
// a forgotten or wrong "section." is forgiven.
std::string Nearest(std::string_view word, const std::vector<std::string>& known);

// "; did you mean 'x'?" with the known names that are nearest, where they are few; else "".
std::string DidYouMean(std::string_view word, const std::vector<std::string>& known);

// The end of an error message: as DidYouMean, else "; known: a, b, c" if the list is short, else
// "".
std::string Suggestion(std::string_view word, const std::vector<std::string>& known);

}  // namespace anole
