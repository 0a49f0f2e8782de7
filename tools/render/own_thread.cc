#include "tools/render/own_thread.h"

#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace anole::render {

OwnThread::OwnThread()
    : process_(getpid()), thread_(std::make_unique<std::thread>([this] { Work(); })) {}

bool OwnThread::is_there() const { return process_ == getpid(); }

OwnThread::~OwnThread() {
  if (!is_there()) {
    static_cast<void>(thread_.release());  // nothing can be done about it
    return;
  }
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  thread_->join();
}

void OwnThread::Run(const std::function<void()>& work) {
  if (!is_there()) {
    throw std::logic_error("it was rendered before this process was forked off: make another one");
  }
  const std::scoped_lock alone(one_at_a_time_);
  std::unique_lock lock(mutex_);
  work_ = &work;
  done_ = false;
  changed_.notify_all();
  changed_.wait(lock, [&] { return done_; });
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void OwnThread::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return work_ != nullptr || ended_; });
    if (work_ == nullptr) return;
    try {
      (*std::exchange(work_, nullptr))();
    } catch (...) {
      failure_ = std::current_exception();
    }
    done_ = true;
    changed_.notify_all();
  }
}

}  // namespace anole::render
