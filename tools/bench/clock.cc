#include "tools/bench/clock.h"

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "agents/parallel_for.h"

namespace anole::bench {

double ThreadSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double WallSeconds() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

double QueueSeconds() {
  double sum = 0;
  std::error_code none;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", none)) {
    // Time on a core, time in the queue for one [ns] (Linux, Documentation/scheduler/sched-stats).
    std::ifstream file(thread.path() / "schedstat");
    double on_core = 0, in_queue = 0;
    if (file >> on_core >> in_queue) sum += 1e-9 * in_queue;
  }
  return sum;
}

double UndisturbedSeconds() { return WallSeconds() - QueueSeconds() / CurrentThreads(); }

}  // namespace anole::bench
