// What is told while work goes on: to whoever listens, and into a run's log.txt. At first nobody
// listens: as a library, anole prints nothing.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace anole {

enum class LogLevel { kInfo, kWarning, kError };

// A line each. Thread-safe.
void LogInfo(const std::string& text);
void LogWarning(const std::string& text);
void LogError(const std::string& text);

// Who is told from now on, by any thread, perhaps by several at once; empty: nobody.
void SetLogListener(std::function<void(LogLevel level, const std::string& text)> listener);

// Copies what the thread that made it tells to the end of `file` for its life time, each line with
// date, time and level; where there are several of a thread, the newest one. Throws
// std::filesystem::filesystem_error where that cannot be written.
class LogFile {
 public:
  explicit LogFile(const std::filesystem::path& file);
  ~LogFile();
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

 private:
  struct Sink;
  std::unique_ptr<Sink> sink_;
};

}  // namespace anole
