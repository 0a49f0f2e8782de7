// Parallel loops, behind one seam: the thread library is named in the .cc file only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace anole {

// Runs body(0) .. body(n - 1), in any order and on any of the arena's threads. May be nested: a
// thread that waits for its own loop helps with that loop only. The first exception is rethrown.
void ParallelFor(std::int64_t n, const std::function<void(std::int64_t)>& body);

// Runs `work`, with the loops inside it on `threads` threads, the calling one included; else they
// use every core that the process may use. Throws UserError where so many cannot be started.
void WithThreads(int threads, const std::function<void()>& work);

// As WithThreads, for work that comes back again and again: the threads are kept in between.
class ThreadArena {
 public:
  explicit ThreadArena(int threads);  // throws as WithThreads
  ~ThreadArena();
  ThreadArena(const ThreadArena&) = delete;
  ThreadArena& operator=(const ThreadArena&) = delete;

  void Run(const std::function<void()>& work);

 private:
  struct Threads;
  std::unique_ptr<Threads> threads_;
};

// Of the innermost WithThreads that the caller is in.
int CurrentThreads();

// Cores that this process may use: CPU affinity, limited by the cgroup's quota.
int AvailableThreads();
int AffinityCores();
double CgroupQuota();  // [cores], of version 2 or 1; negative where there is none

}  // namespace anole
