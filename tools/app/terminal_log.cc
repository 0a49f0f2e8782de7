#include "tools/app/terminal_log.h"

#include <atomic>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "configs/excerpt.h"
#include "configs/suggest.h"
#include "configs/user_error.h"
#include "tools/run/logs/log.h"
#include "tools/run/process/standard_streams.h"

namespace anole::app {
namespace {

const std::map<std::string, LogLevel> kLevels = {
    {"info", LogLevel::kInfo}, {"warning", LogLevel::kWarning}, {"error", LogLevel::kError}};

std::atomic<LogLevel> lowest = LogLevel::kInfo;

std::string_view PrefixOf(LogLevel level) {
  switch (level) {
    case LogLevel::kInfo:
      return "";
    case LogLevel::kWarning:
      return "anole: warning: ";
    case LogLevel::kError:
      return "anole: ";
  }
  return "";
}

}  // namespace

void StartTerminalLog() {
  SetLogListener([](LogLevel level, const std::string& text) {
    if (level >= lowest) Tell(std::string(PrefixOf(level)) + OneLine(text) + "\n");
  });
}

void SetUpLog(const CommandLine& line) {
  const auto name = line.Get("log-level");
  if (name && line.Has("quiet")) throw UserError("--quiet and --log-level exclude each other");
  if (name && !kLevels.contains(*name)) {
    std::vector<std::string> names;
    for (const auto& [level, value] : kLevels) names.push_back(level);
    throw UserError("--log-level=" + *name + ": must be info, warning or error" +
                    Suggestion(*name, names));
  }
  lowest = line.Has("quiet") ? LogLevel::kWarning : kLevels.at(name.value_or("info"));
}

bool IsTalkative() { return lowest == LogLevel::kInfo; }

}  // namespace anole::app
