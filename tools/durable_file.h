// Files that are whole or not there, whenever the process is killed or the machine stops: written
// under another name, synced, renamed, and the folder synced. All of these throw
// std::filesystem::filesystem_error where that cannot be done.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace anole {

// What such a file or link is called before it is renamed: its name and this.
inline constexpr std::string_view kUnfinishedSuffix = ".tmp";

// With the folders on the way to it.
void WriteWholeFile(const std::filesystem::path& path, const std::string& text);

// Makes the symbolic link `path` point to `target`, whatever it pointed to before. Where the file
// system knows no links there is none afterwards.
void ReplaceLink(const std::filesystem::path& target, const std::filesystem::path& path);

// Returns when the bytes of a file, or the names in a folder, would survive a power cut.
void Sync(const std::filesystem::path& path);

}  // namespace anole
