// What the program tells people while it works: on stderr, and in a run's log.txt. Results go to
// stdout, and a user's mistake is one line on stderr, whatever the log's level.
#pragma once

#include <filesystem>
#include <string>

#include "configs/command_line.h"

namespace anole {

// A line each. Thread-safe.
void LogInfo(const std::string& text);
void LogWarning(const std::string& text);  // "anole: warning: " goes before it
void LogError(const std::string& text);    // "anole: " does

inline const Flag kQuietFlag = {
    "quiet", "", "tell nothing but warnings and errors; short for --log-level warning"};
inline const Flag kLogLevelFlag = {"log-level", "LEVEL", "info (the default), warning or error"};

// What these two flags ask for; before, everything from info on is told. Throws UserError where a
// level has another name.
void SetUpLog(const CommandLine& line);

// Whether progress is shown.
bool IsTalkative();

// Copies the log, whatever its level on stderr, to the end of `file` for its life time, each line
// with date, time and level. Throws std::filesystem::filesystem_error where that cannot be written.
class LogFile {
 public:
  explicit LogFile(const std::filesystem::path& file);
  ~LogFile();
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;
};

}  // namespace anole
