// Words that can be pasted into a shell: every command that a message tells is made of them.
#pragma once

#include <filesystem>
#include <string>

namespace anole {

// The word in quotes, where a shell would take it for anything else without them.
std::string ShellWord(const std::string& word);

// The same for a file or folder, which must not look like an option either: "./-x" for "-x".
std::string ShellPath(const std::filesystem::path& path);

}  // namespace anole
