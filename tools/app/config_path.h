// Where a config is that is named without its place: `anole train sine` works in any folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace anole::app {

// The file itself where it is there. Else, of a name without folder, the one of configs/ in the
// working folder, or of those that came with the program. Throws UserError, with the nearest name,
// where there is none.
std::filesystem::path FindConfig(const std::string& name);

// The names of those that FindConfig finds without a place, in alphabetic order.
std::vector<std::string> KnownConfigs();

}  // namespace anole::app
