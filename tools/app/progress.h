// How far a long piece of work is: a live line on a terminal, plain lines now and then elsewhere.
#pragma once

#include <chrono>
#include <string>

namespace anole::app {

class Progress {
 public:
  // `total` units of work, `done` of them finished before.
  Progress(double total, double done);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Shows `text` and the time left, if it is time to. The last unit is always shown, and ends the
  // live line.
  void Show(double done, const std::string& text);

  // Whether it has a live line, where more may be shown in between.
  bool is_live() const { return is_shown_ && is_terminal_; }

 private:
  using Clock = std::chrono::steady_clock;

  double total_, first_;
  bool is_shown_;  // not so with --quiet
  bool is_terminal_;
  bool line_open_ = false;  // on a terminal: the live line still has to be ended
  Clock::time_point start_ = Clock::now(), last_shown_;
};

// "1:05" or "2:03:45". [s]
std::string DurationText(double seconds);

// Columns of the terminal that stderr is, or 80.
int TerminalWidth();

}  // namespace anole::app
