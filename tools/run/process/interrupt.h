// Signals that ask the work to end: the first one of a kind after its current piece, a second one
// at once.
#pragma once

#include <array>
#include <csignal>
#include <functional>
#include <string>

namespace anole {

// SIGHUP: the terminal is closed. SIGUSR1, SIGUSR2, SIGXCPU: sent by Slurm and others before their
// time is over.
inline constexpr std::array kStopSignals = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU};

// Where signals are somebody else's, as under Python: from now on guards take over none, and
// InterruptGuard::signal() is what `ask` says, on the thread that it is asked on: the signal that
// ends the work, or 0. While there is no guard.
void LeaveSignals(std::function<int()> ask);

// Takes over kStopSignals for its life time, but for those that were ignored, as under nohup.
// Guards may be nested: a sweep has one around those of its runs.
class InterruptGuard {
 public:
  // The first signal is answered at once by the line `answer` on stderr; empty: by that of the
  // outer guard, if any. One that ends the process at once leaves the line `farewell`; that of the
  // outermost guard counts.
  explicit InterruptGuard(std::string answer, std::string farewell = {});
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  // The first signal that came while there was a guard, or 0. It is not forgotten with the guard:
  // whatever comes after it in this process is not to be started.
  static int signal();

 private:
  std::string answer_, farewell_;
  const char *outer_answer_, *outer_farewell_;
};

}  // namespace anole
