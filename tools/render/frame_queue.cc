// Frames wait in line for their sink, which takes them in a thread of its own: the next frame is
// drawn while this one is encoded.
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "tools/render/frame_sink.h"

namespace anole::render {
namespace {

constexpr std::size_t kLongest = 4;  // frames in line: more would only take memory

class FrameQueue : public FrameSink {
 public:
  explicit FrameQueue(std::unique_ptr<FrameSink> sink)
      : sink_(std::move(sink)), thread_([this] { Work(); }) {}
  ~FrameQueue() override {
    {
      const std::scoped_lock lock(mutex_);
      waiting_.clear();  // nobody wants them any more
    }
    Join();
  }
  FrameQueue(const FrameQueue&) = delete;
  FrameQueue& operator=(const FrameQueue&) = delete;

  // Both throw what the sink threw at this frame or an earlier one.
  void Add(const Image& frame) override {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_.size() < kLongest || failure_; });
    if (failure_) std::rethrow_exception(failure_);
    waiting_.push_back(frame);
    changed_.notify_all();
  }
  void Finish() override {
    Join();
    if (failure_) std::rethrow_exception(failure_);
    sink_->Finish();
  }
  std::filesystem::path path() const override { return sink_->path(); }
  bool is_video() const override { return sink_->is_video(); }

 private:
  void Join() {
    {
      const std::scoped_lock lock(mutex_);
      ended_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  void Work() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] { return !waiting_.empty() || ended_; });
      if (waiting_.empty()) return;
      const Image frame = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      changed_.notify_all();
      std::exception_ptr failure;
      try {
        sink_->Add(frame);
      } catch (...) {
        failure = std::current_exception();
      }
      lock.lock();
      if (!failure) continue;
      failure_ = failure;
      waiting_.clear();
      changed_.notify_all();
      return;
    }
  }

  std::unique_ptr<FrameSink> sink_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Image> waiting_;
  std::exception_ptr failure_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<FrameSink> MakeFrameQueue(std::unique_ptr<FrameSink> sink) {
  return std::make_unique<FrameQueue>(std::move(sink));
}

}  // namespace anole::render
