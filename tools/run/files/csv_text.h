// Tables of numbers as spreadsheets save them again.
#pragma once

#include <string>
#include <string_view>

namespace anole {

// The text of a CSV file of names and numbers as it was before a spreadsheet saved it: without a
// byte order mark, '\r' and quotes, with commas where ';' or tabs are between the cells, with
// decimal points where commas are beside those. What is in order already stays as it is to the
// letter, also where the last line has no end yet.
std::string PlainCsv(std::string_view text);

}  // namespace anole
