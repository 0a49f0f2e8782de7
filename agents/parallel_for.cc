#include "agents/parallel_for.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

// ThreadSanitizer cannot see the synchronisation inside Debian's TBB and reports races that are
// none; silencing those would silence real ones. Its builds run plain threads instead.
#if defined(__SANITIZE_THREAD__)
#include <thread>
#else
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>
#include <tbb/task_arena.h>
#endif

#include "configs/user_error.h"

namespace anole {

namespace {

void* PassGate(void* gate) {
  const std::scoped_lock pass(*static_cast<std::mutex*>(gate));
  return nullptr;
}

// Throws UserError where this process may not have `threads` threads, by trying it once.
void CheckThreads(int threads) {
  static std::atomic<int> tried = 1;
  if (threads <= tried) return;
  constexpr std::size_t kStack = std::size_t{4} << 20U;  // [bytes], as TBB's have
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStack);
  std::vector<pthread_t> others;
  others.reserve(static_cast<std::size_t>(threads));
  std::mutex gate;
  int error = 0;
  {
    const std::scoped_lock closed(gate);  // so that all are there at once
    while (error == 0 && static_cast<int>(others.size()) < threads - 1) {
      pthread_t other{};
      error = pthread_create(&other, &attributes, PassGate, &gate);
      if (error == 0) others.push_back(other);
    }
  }
  for (const pthread_t other : others) pthread_join(other, nullptr);
  pthread_attr_destroy(&attributes);
  if (error != 0) {
    throw UserError("--threads=" + std::to_string(threads) +
                    ": this process may have no more than " + std::to_string(others.size() + 1) +
                    " threads here: " + std::strerror(error) + " (see ulimit -u and ulimit -v)");
  }
  tried = threads;
}

}  // namespace

#if defined(__SANITIZE_THREAD__)

namespace {
thread_local int arena_threads = 2;
}

void ParallelFor(std::int64_t n, const std::function<void(std::int64_t)>& body) {
  const int threads = arena_threads;
  std::atomic<std::int64_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  {
    std::vector<std::jthread> pool;
    for (int i = 0; i < threads; ++i) {
      pool.emplace_back([&] {
        arena_threads = threads;
        try {
          for (std::int64_t k = next++; k < n; k = next++) body(k);
        } catch (...) {
          const std::scoped_lock lock(mutex);
          if (!failure) failure = std::current_exception();
          next = n;
        }
      });
    }
  }
  if (failure) std::rethrow_exception(failure);
}

struct ThreadArena::Threads {
  int count;

  void Run(const std::function<void()>& work) const {
    const int before = std::exchange(arena_threads, count);
    work();
    arena_threads = before;
  }
};

int CurrentThreads() { return arena_threads; }

#else

namespace {

thread_local bool inside_loop = false;

// For the time in which this thread runs the body of a loop.
struct LoopBody {
  bool before = std::exchange(inside_loop, true);
  LoopBody() = default;
  LoopBody(const LoopBody&) = delete;
  LoopBody& operator=(const LoopBody&) = delete;
  ~LoopBody() { inside_loop = before; }
};

}  // namespace

void ParallelFor(std::int64_t n, const std::function<void(std::int64_t)>& body) {
  const auto run = [&] {
    tbb::parallel_for(
        std::int64_t{0}, n,
        [&](std::int64_t i) {
          const LoopBody inside;
          body(i);
        },
        tbb::simple_partitioner());
  };
  // A nested loop is isolated, so that a task that waits for its last episode does not start a
  // whole other task. The outermost is not: whoever waits there may help with anything.
  if (inside_loop) {
    tbb::this_task_arena::isolate(run);
  } else {
    run();
  }
}

struct ThreadArena::Threads {
  // By itself, TBB makes no more threads than there are cores, and warns of that.
  tbb::global_control allowed;
  tbb::task_arena arena;

  explicit Threads(int threads)
      : allowed(tbb::global_control::max_allowed_parallelism,
                static_cast<std::size_t>(std::max(threads, AvailableThreads()))),
        arena(threads) {}
  void Run(const std::function<void()>& work) { arena.execute(work); }
};

int CurrentThreads() { return tbb::this_task_arena::max_concurrency(); }

#endif

ThreadArena::ThreadArena(int threads) {
  CheckThreads(threads);
  threads_ = std::make_unique<Threads>(threads);
}

ThreadArena::~ThreadArena() = default;

void ThreadArena::Run(const std::function<void()>& work) { threads_->Run(work); }

void WithThreads(int threads, const std::function<void()>& work) { ThreadArena(threads).Run(work); }

double CgroupQuota() {
  std::ifstream unified("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (unified >> quota >> period && quota != "max") return std::stod(quota) / period;
  std::ifstream quota_file("/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
  std::ifstream period_file("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
  double microseconds = 0;
  if (quota_file >> microseconds && period_file >> period && microseconds > 0) {
    return microseconds / period;
  }
  return -1;
}

int AffinityCores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
}

int AvailableThreads() {
  int threads = AffinityCores();
  const double quota = CgroupQuota();
  if (quota > 0) threads = std::min(threads, static_cast<int>(std::ceil(quota)));
  return std::max(threads, 1);
}

}  // namespace anole
