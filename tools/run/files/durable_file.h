// Files that are whole or not there, whenever the process is killed or the machine stops: written
// under another name, synced, renamed, and the folder synced. Files of a run's folder are its own:
// none is written through a link, or is anything but an ordinary file. All of these throw
// std::filesystem::filesystem_error where that cannot be done, and UserError at such a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace anole {

// What such a file or link is called before it is renamed: its name and this.
inline constexpr std::string_view kUnfinishedSuffix = ".tmp";

// With the folders on the way to it. Where it fails, what was there is there still.
void WriteWholeFile(const std::filesystem::path& path, const std::string& text);

// Makes the symbolic link `path` point to `target`, whatever it pointed to before. Where the file
// system knows no links there is none afterwards.
void ReplaceLink(const std::filesystem::path& target, const std::filesystem::path& path);

// Returns when the bytes of a file, or the names in a folder, would survive a power cut; at once
// where the file system offers no such thing.
void Sync(const std::filesystem::path& path);

// Throws UserError where `path` is a link, a pipe, a device: no file or folder of a run's own.
void CheckOwn(const std::filesystem::path& path);

// A file that only grows, made where it is not there yet.
class AppendFile {
 public:
  explicit AppendFile(std::filesystem::path path);
  ~AppendFile();
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;

  // In one piece: a line is never half in the file while the process lives.
  void Write(std::string_view text);

  // Cuts off what is behind `size` bytes.
  void Cut(std::uintmax_t size);

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int descriptor_;
};

}  // namespace anole
