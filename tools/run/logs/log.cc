#include "tools/run/logs/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

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

// Into a file.
std::unique_ptr<spdlog::logger> MakeLogger(const std::filesystem::path& file) {
  auto sink = std::make_shared<FileSink>(file);
  sink->set_pattern("%Y-%m-%d %H:%M:%S.%e %l: %v");
  auto logger = std::make_unique<spdlog::logger>("anole", std::move(sink));
  logger->set_level(spdlog::level::info);
  // A log.txt that cannot be written, on a full disk, is not worth words of its own: the files that
  // matter are on the same disk, and those that write them tell.
  logger->set_error_handler([](const std::string& /*what*/) {});
  return logger;
}

thread_local std::vector<spdlog::logger*> files_of_thread;

using Listener = std::function<void(LogLevel, const std::string&)>;

struct Listening {
  std::mutex mutex;
  std::shared_ptr<const Listener> listener;
};

Listening& Listeners() {
  static Listening listening;
  return listening;
}

void Log(LogLevel level, spdlog::level::level_enum file_level, const std::string& text) {
  std::shared_ptr<const Listener> listener;
  {
    const std::scoped_lock lock(Listeners().mutex);
    listener = Listeners().listener;
  }
  if (listener && *listener) (*listener)(level, text);
  if (!files_of_thread.empty()) files_of_thread.back()->log(file_level, text);
}

}  // namespace

struct LogFile::Sink {
  std::unique_ptr<spdlog::logger> logger;
};

void LogInfo(const std::string& text) { Log(LogLevel::kInfo, spdlog::level::info, text); }

void LogWarning(const std::string& text) { Log(LogLevel::kWarning, spdlog::level::warn, text); }

void LogError(const std::string& text) { Log(LogLevel::kError, spdlog::level::err, text); }

void SetLogListener(std::function<void(LogLevel level, const std::string& text)> listener) {
  auto next = std::make_shared<const Listener>(std::move(listener));
  const std::scoped_lock lock(Listeners().mutex);
  Listeners().listener.swap(next);
}

LogFile::LogFile(const std::filesystem::path& file)
    : sink_(std::make_unique<Sink>(MakeLogger(file))) {
  files_of_thread.push_back(sink_->logger.get());
}

LogFile::~LogFile() { std::erase(files_of_thread, sink_->logger.get()); }

}  // namespace anole
