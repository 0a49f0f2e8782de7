// A thread of its own for what must always be done by the same one, as OpenGL's contexts ask for.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace anole::render {

class OwnThread {
 public:
  OwnThread();
  ~OwnThread();
  OwnThread(const OwnThread&) = delete;
  OwnThread& operator=(const OwnThread&) = delete;

  // Returns when it is done; what it throws is thrown here. Throws std::logic_error in a process
  // that was forked off since: the thread is not there.
  void Run(const std::function<void()>& work);
  bool is_there() const;

 private:
  void Work();

  const int process_;
  std::mutex one_at_a_time_, mutex_;
  std::condition_variable changed_;
  const std::function<void()>* work_ = nullptr;
  std::exception_ptr failure_;
  bool done_ = false, ended_ = false;
  std::unique_ptr<std::thread> thread_;
};

}  // namespace anole::render
