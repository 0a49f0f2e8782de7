#include "tools/run/process/interrupt.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <ctime>
#include <functional>
#include <utility>

#include "tools/run/process/standard_streams.h"

namespace anole {
namespace {

// `timeout` and other starters send a signal to the process and then to its group: a second one
// that comes as soon as this is the same one.
constexpr double kSameSignal = 0.1;  // [s]

// All of these are read and written by the handler.
std::atomic<int> received = 0;
std::atomic<bool> on_terminal = false;
std::atomic<const char*> answer_line = "", farewell_line = "";
std::array<std::atomic<double>, NSIG> first_time = {};  // [s], by signal; 0: it did not come yet

std::function<int()>& Owner() {  // of signals; empty: it is us
  static std::function<int()> owner;
  return owner;
}

int guards = 0;
std::array<struct sigaction, kStopSignals.size()> outside = {};  // what was there before all guards

double Now() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void TellLine(const char* line) {
  if (*line == '\0') return;
  if (on_terminal) Tell("\n");  // after a live line, and the terminal's own "^C"
  Tell(line);
  Tell("\n");
}

// Async-signal-safe, as a handler must be: no allocation, no formatting.
void Remember(int signal) {
  const int error = errno;
  const double now = Now();
  const double first = first_time.at(static_cast<std::size_t>(signal)).exchange(now);
  if (first == 0) {
    int none = 0;
    if (received.compare_exchange_strong(none, signal)) TellLine(answer_line);
  } else if (now - first > kSameSignal) {
    TellLine(farewell_line);
    std::signal(signal, SIG_DFL);
    raise(signal);  // takes effect when this handler returns
  }
  errno = error;
}

}  // namespace

void LeaveSignals(std::function<int()> ask) { Owner() = std::move(ask); }

InterruptGuard::InterruptGuard(std::string answer, std::string farewell)
    : answer_(std::move(answer)),
      farewell_(std::move(farewell)),
      outer_answer_(answer_line),
      outer_farewell_(farewell_line) {
  if (Owner()) return;
  on_terminal = isatty(STDERR_FILENO) != 0;
  if (!answer_.empty()) answer_line = answer_.c_str();
  if (*outer_farewell_ == '\0') farewell_line = farewell_.c_str();
  if (guards++ > 0) return;
  for (std::size_t i = 0; i < kStopSignals.size(); ++i) {
    sigaction(kStopSignals.at(i), nullptr, &outside.at(i));
    if (outside.at(i).sa_handler == SIG_IGN) continue;
    struct sigaction remember{};
    remember.sa_handler = Remember;
    remember.sa_flags = SA_RESTART;
    sigfillset(&remember.sa_mask);
    sigaction(kStopSignals.at(i), &remember, nullptr);
  }
}

InterruptGuard::~InterruptGuard() {
  if (Owner()) return;
  if (--guards == 0) {
    for (std::size_t i = 0; i < kStopSignals.size(); ++i) {
      sigaction(kStopSignals.at(i), &outside.at(i), nullptr);
    }
  }
  answer_line = outer_answer_;
  farewell_line = outer_farewell_;
}

int InterruptGuard::signal() { return Owner() ? Owner()() : received.load(); }

}  // namespace anole
