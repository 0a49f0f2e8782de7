#include "tools/app/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <string_view>

#include "tools/app/terminal_log.h"
#include "tools/run/process/standard_streams.h"

namespace anole::app {
namespace {

constexpr std::chrono::milliseconds kTerminalPeriod(100);
constexpr std::chrono::seconds kPlainPeriod(5);

// Whether stderr can rewrite its line.
bool IsTerminal() {
  const char* type = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && type != nullptr && std::string_view(type) != "dumb";
}

}  // namespace

Progress::Progress(double total, double done)
    : total_(total), first_(done), is_shown_(IsTalkative()), is_terminal_(IsTerminal()) {}

Progress::~Progress() {
  if (line_open_) Tell("\n");
}

void Progress::Show(double done, const std::string& text) {
  if (!is_shown_) return;
  const Clock::time_point now = Clock::now();
  const bool finished = done >= total_;
  if (!finished && now - last_shown_ < (is_terminal_ ? Clock::duration(kTerminalPeriod)
                                                     : Clock::duration(kPlainPeriod))) {
    return;
  }
  last_shown_ = now;
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  const double left = done > first_ ? elapsed * (total_ - done) / (done - first_) : 0;
  std::string line = text;
  if (finished) {
    line += fmt::format("  done in {}", DurationText(elapsed));
  } else if (done > first_) {
    line += fmt::format("  ETA {}", DurationText(left));
  }
  if (is_terminal_) {
    const auto width = static_cast<std::size_t>(TerminalWidth() - 1);
    if (line.size() > width) line.resize(width);
    Tell(fmt::format("\r{}\033[K{}", line, finished ? "\n" : ""));
    line_open_ = !finished;
  } else {
    Tell(line + "\n");
  }
}

std::string DurationText(double seconds) {
  const auto total = std::lround(seconds);
  if (total < 3600) return fmt::format("{}:{:02}", total / 60, total % 60);
  return fmt::format("{}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60);
}

int TerminalWidth() {
  winsize size{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

}  // namespace anole::app
