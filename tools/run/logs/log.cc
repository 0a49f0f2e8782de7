#include "tools/run/logs/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <memory>
#include <mutex>
#include <utility>

#include "tools/run/files/durable_file.h"

namespace anole {
namespace {

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

// Into the files, if any.
spdlog::logger& Files() {
  static const std::shared_ptr<spdlog::logger> kLogger = [] {
    auto logger = std::make_shared<spdlog::logger>("anole");
    logger->set_level(spdlog::level::info);
    // A log.txt that cannot be written, on a full disk, is not worth words of its own: the files
    // that matter are on the same disk, and those that write them tell.
    logger->set_error_handler([](const std::string& /*what*/) {});
    return logger;
  }();
  return *kLogger;
}

struct Listening {
  std::mutex mutex;
  std::function<void(LogLevel, const std::string&)> listener;
};

Listening& Listeners() {
  static Listening listening;
  return listening;
}

void Log(LogLevel level, spdlog::level::level_enum file_level, const std::string& text) {
  {
    const std::scoped_lock lock(Listeners().mutex);
    if (Listeners().listener) Listeners().listener(level, text);
  }
  Files().log(file_level, text);
}

}  // namespace

void LogInfo(const std::string& text) { Log(LogLevel::kInfo, spdlog::level::info, text); }

void LogWarning(const std::string& text) { Log(LogLevel::kWarning, spdlog::level::warn, text); }

void LogError(const std::string& text) { Log(LogLevel::kError, spdlog::level::err, text); }

void SetLogListener(std::function<void(LogLevel level, const std::string& text)> listener) {
  const std::scoped_lock lock(Listeners().mutex);
  Listeners().listener = std::move(listener);
}

LogFile::LogFile(const std::filesystem::path& file) {
  auto sink = std::make_shared<FileSink>(file);
  sink->set_pattern("%Y-%m-%d %H:%M:%S.%e %l: %v");
  Files().sinks().push_back(std::move(sink));
}

LogFile::~LogFile() { Files().sinks().pop_back(); }

}  // namespace anole
