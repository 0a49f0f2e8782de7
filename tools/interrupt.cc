#include "tools/interrupt.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace anole {
namespace {

volatile std::sig_atomic_t received = 0;
const char* volatile answer_line = "";
volatile std::sig_atomic_t on_terminal = 0;

// Async-signal-safe, as a handler must be: no buffers, no formatting.
void Print(const char* text) { [[maybe_unused]] auto n = write(STDERR_FILENO, text, strlen(text)); }

void Remember(int signal) {
  received = signal;
  std::signal(signal, SIG_DFL);  // the next one ends the process
  const char* const answer = answer_line;
  if (*answer == '\0') return;
  const int error = errno;
  if (on_terminal != 0) Print("\n");  // after a live line, and the terminal's own "^C"
  Print(answer);
  Print("\n");
  errno = error;
}

}  // namespace

InterruptGuard::InterruptGuard(const char* answer) {
  received = 0;
  answer_line = answer;
  on_terminal = isatty(STDERR_FILENO);
  std::signal(SIGINT, Remember);
  std::signal(SIGTERM, Remember);
}

InterruptGuard::~InterruptGuard() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

int InterruptGuard::signal() { return received; }

}  // namespace anole
