#include "tools/interrupt.h"

#include <csignal>

namespace anole {
namespace {

volatile std::sig_atomic_t received = 0;

void Remember(int signal) {
  received = signal;
  std::signal(signal, SIG_DFL);  // the next one ends the process
}

}  // namespace

InterruptGuard::InterruptGuard() {
  received = 0;
  std::signal(SIGINT, Remember);
  std::signal(SIGTERM, Remember);
}

InterruptGuard::~InterruptGuard() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

int InterruptGuard::signal() { return received; }

}  // namespace anole
