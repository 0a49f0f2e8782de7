// Files of recorded episodes: each format is a file of this folder that registers itself by the
// ending of its files. README.md has the columns.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tools/export/recording.h"

namespace anole::exports {

struct EpisodeFormat {
  // Throws std::filesystem::filesystem_error where it cannot.
  void (*write)(const Recording& recording, const std::filesystem::path& file);
  // The batches of the text of a file. Throws UserError with file and line. Null: it is not for
  // reading.
  std::vector<std::vector<Episode>> (*read)(std::string_view text,
                                            const std::filesystem::path& file,
                                            const FamilySpec& spec);
};

// By their endings: ".csv".
const std::map<std::string, EpisodeFormat>& EpisodeFormats();
std::vector<std::string> EpisodeEndings();

// An object of static duration makes a format one of them.
class RegisterEpisodeFormat {
 public:
  RegisterEpisodeFormat(const std::string& ending, EpisodeFormat format);
};

// That of the file's ending. Throws UserError, which begins with `what`, where there is none.
const EpisodeFormat& EpisodeFormatOf(const std::filesystem::path& file, const std::string& what);

// visit(line, row, is_last) of each line of a text, counted from 1 on, without its end.
void ForEachLine(
    std::string_view text,
    const std::function<void(std::int64_t line, std::string_view row, bool is_last)>& visit);

// The batches of all files, one after another. Throws UserError with file and line.
std::vector<std::vector<Episode>> ReadEpisodes(const std::vector<std::filesystem::path>& files,
                                               const FamilySpec& spec);

}  // namespace anole::exports
