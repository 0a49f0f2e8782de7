// Lists of seeds, as people write them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace anole::report {

// "1-5" or "1,3,7". Throws UserError, which begins with `where`, where it is no such list or has a
// seed twice.
std::vector<std::int64_t> ParseSeeds(const std::string& where, const std::string& text);

}  // namespace anole::report
