// Ctrl-C: the first one asks the work to end after its current piece, a second one stops at once.
#pragma once

namespace anole {

// Takes over SIGINT and SIGTERM for its life time.
class InterruptGuard {
 public:
  // The first signal is answered at once by the line `answer` on stderr, if that is not empty; it
  // must outlive the guard.
  explicit InterruptGuard(const char* answer);
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  // The signal that came, or 0.
  static int signal();
};

}  // namespace anole
