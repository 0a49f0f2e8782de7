#include "tools/run/process/standard_streams.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <stdexcept>

namespace anole {
namespace {

constexpr int kPatience = 1000;  // [ms], for a stderr that does not block and is full

bool IsClosed(int descriptor) { return fcntl(descriptor, F_GETFD) < 0 && errno == EBADF; }

}  // namespace

void PrepareStreams() {
  std::signal(SIGPIPE, SIG_IGN);
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (!IsClosed(descriptor)) continue;
    // The lowest free number is this one. Open for reading only, stdout still fails as a closed one
    // does: results that nobody gets are not a success.
    const int opened = open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY);
    if (opened >= 0 && opened != descriptor) close(opened);
  }
}

void Tell(std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (written < 0 && errno == EINTR) continue;
    pollfd full{STDERR_FILENO, POLLOUT, 0};
    if (written < 0 && errno == EAGAIN && poll(&full, 1, kPatience) > 0) continue;
    return;
  }
}

void FlushResults() {
  if (std::fflush(stdout) != 0 || AreResultsLost()) {
    throw std::runtime_error(LostResultsText(errno));
  }
}

bool AreResultsLost() noexcept { return std::ferror(stdout) != 0; }

std::string LostResultsText(int error) {
  return std::string("cannot write to standard output: ") +
         (error == EBADF ? "it is closed" : std::strerror(error));
}

}  // namespace anole
