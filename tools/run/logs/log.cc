#include "tools/run/logs/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "configs/suggest.h"
#include "configs/user_error.h"
#include "tools/run/files/durable_file.h"
#include "tools/run/process/standard_streams.h"

namespace anole {
namespace {

const std::map<std::string, spdlog::level::level_enum> kLevels = {
    {"info", spdlog::level::info}, {"warning", spdlog::level::warn}, {"error", spdlog::level::err}};

class StderrSink : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    Tell({line.data(), line.size()});
  }
  void flush_() override {}  // Tell has no buffer
};

// What it throws on a full disk, the logger's error handler takes.
class FileSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FileSink(const std::filesystem::path& path) : file_(path) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    file_.Write({line.data(), line.size()});
  }
  void flush_() override {}

 private:
  AppendFile file_;
};

// The sink on stderr comes first, that of a file after it.
std::shared_ptr<spdlog::logger> MakeLogger() {
  auto logger = std::make_shared<spdlog::logger>("anole", std::make_shared<StderrSink>());
  logger->sinks().front()->set_pattern("%v");
  logger->sinks().front()->set_level(spdlog::level::info);
  logger->set_level(spdlog::level::info);
  // A log.txt that cannot be written, on a full disk, is not worth words of its own: the files that
  // matter are on the same disk, and those that write them tell.
  logger->set_error_handler([](const std::string& /*what*/) {});
  return logger;
}

spdlog::logger& Log() {
  static const std::shared_ptr<spdlog::logger> kLogger = MakeLogger();
  return *kLogger;
}

}  // namespace

void LogInfo(const std::string& text) { Log().info(text); }

void LogWarning(const std::string& text) { Log().warn("anole: warning: {}", text); }

void LogError(const std::string& text) { Log().error("anole: {}", text); }

void SetUpLog(const CommandLine& line) {
  const auto name = line.Get("log-level");
  if (name && line.Has("quiet")) throw UserError("--quiet and --log-level exclude each other");
  if (name && !kLevels.contains(*name)) {
    std::vector<std::string> names;
    for (const auto& [level, value] : kLevels) names.push_back(level);
    throw UserError("--log-level=" + *name + ": must be info, warning or error" +
                    Suggestion(*name, names));
  }
  const auto level = line.Has("quiet") ? spdlog::level::warn : kLevels.at(name.value_or("info"));
  Log().sinks().front()->set_level(level);
}

bool IsTalkative() { return Log().sinks().front()->should_log(spdlog::level::info); }

LogFile::LogFile(const std::filesystem::path& file) {
  auto sink = std::make_shared<FileSink>(file);
  sink->set_pattern("%Y-%m-%d %H:%M:%S.%e %l: %v");
  sink->set_level(spdlog::level::info);
  Log().sinks().push_back(std::move(sink));
}

LogFile::~LogFile() { Log().sinks().pop_back(); }

}  // namespace anole
