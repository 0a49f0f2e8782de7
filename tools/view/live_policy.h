// A policy that adapts while somebody watches: an update at a time, in the background.
#pragma once

#include <chrono>
#include <cstdint>
#include <future>
#include <string>
#include <vector>

#include "agents/control/control_loop.h"
#include "tools/run/run.h"

namespace anole::view {

class LivePolicy {
 public:
  // Of a run with a control_loop(), which outlives it. threads: of an adaptation.
  LivePolicy(const Run& run, AdaptationRequest request, int threads);

  const AdaptationRequest& request() const { return request_; }
  Address address() const;  // of the task's episodes

  std::int64_t updates() const { return static_cast<std::int64_t>(trajectory_.cols()) - 1; }
  std::string UpdatesText(std::int64_t count) const { return run_.experiment().UpdatesText(count); }
  // The mean return that scored each number of updates, as `anole evaluate` has it; that of 0 is
  // known from the first update on.
  const std::vector<double>& scores() const { return scores_; }

  ControlPolicy<float> Before() const;  // theta
  ControlPolicy<float> Now() const;     // after updates()
  // What a policy that remembers has kept of the first episodes by which it was scored, one for
  // each update; empty of others.
  ControlLoop::Trials Remembered(std::int64_t updates) const;

  void AdaptOnce();  // begins one more update; nothing where one is under way
  void Undo();       // takes the last one back
  bool adapting() const { return coming_.valid(); }
  double adapting_for() const;  // [s]

  // Takes what has become ready: true where the policy is another now. failure(): why an update
  // could not be made.
  bool Collect();
  const std::string& failure() const { return failure_; }

 private:
  struct Coming {
    Matrix trajectory;
    std::vector<double> scores;
    std::string failure;
  };
  ControlPolicy<float> PolicyOf(Eigen::Index update) const;

  const Run& run_;
  AdaptationRequest request_;
  int threads_;
  Learnable state_;
  Matrix trajectory_;  // (parameters x (updates + 1))
  std::vector<double> scores_;
  std::future<Coming> coming_;
  std::chrono::steady_clock::time_point since_;
  std::string failure_;
};

}  // namespace anole::view
