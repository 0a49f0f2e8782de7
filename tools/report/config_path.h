// Where a config is that is named without its place: `anole train sine` works in any folder.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace anole::report {

// The file itself where it is there, or that of an entry of the zoo, zoo:NAME. Else, of a name
// without folder, the one of configs/ in the working folder, or of those that came with the
// program. Throws UserError, with the nearest name, where there is none.
std::filesystem::path FindConfig(const std::string& name);

// A folder like configs/ that is looked into after the others: where the program is no file of
// anole's, as under Python.
void AddConfigFolder(const std::filesystem::path& folder);

// The names of those that FindConfig finds without a place, in alphabetic order.
std::vector<std::string> KnownConfigs();

// The folder of an entry of the zoo, configs/zoo/NAME, where FindConfig would find it; `name` may
// begin with "zoo:". Throws UserError, with the nearest name, where there is none.
std::filesystem::path FindZooEntry(const std::string& name);

// Those that it finds, by their names.
std::vector<std::filesystem::path> ZooEntries();

inline constexpr std::string_view kZooPrefix = "zoo:";

}  // namespace anole::report
