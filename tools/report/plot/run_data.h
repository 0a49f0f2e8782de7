// What a run directory holds that can be drawn.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "configs/lister.h"
#include "envs/linear_algebra.h"
#include "meta/evaluation.h"
#include "tools/report/evaluation_label.h"
#include "tools/run/logs/metrics_log.h"

namespace anole::plot {

// A row of metrics.csv is an element. Empty: nothing was trained yet.
struct LearningData {
  Vector samples;        // consumed up to that iteration: environment steps, or examples
  Vector before, after;  // score on the first and on the last batch of an adaptation
};

// An element for each number of updates, from 0 on. Empty: not evaluated.
struct AdaptationData {
  Vector samples;  // consumed by so many updates
  Vector scores;   // mean over tasks
  Vector ci95;     // half the width of the interval of that mean; empty or NaN: not known
  IntervalOf interval = IntervalOf::kNothing;  // what that is over
  report::EvaluatedTasks tasks = {};
};

struct RunData {
  std::filesystem::path path;
  std::string family;
  std::string score;      // "return" or "loss"; empty: nothing is there yet that tells
  bool rolls_out = true;  // samples are environment steps
  std::int64_t seed = 0;
  std::int64_t updates = 0;                // that are scored, of an adaptation in training
  std::int64_t inner_updates = 0;          // all of them
  std::string update_name = "update";      // or of what takes its place
  std::vector<OptionDescription> options;  // but for those of the run itself: what was trained
  // All of metrics.csv, which copies of this share.
  std::shared_ptr<const MetricsTable> metrics = std::make_shared<MetricsTable>();
  LearningData learning;
  AdaptationData adaptation;
  AdaptationData random_init;  // of random initial parameters, to the same tasks
  // Of its newest checkpoint: what `adaptation` was read from, and how many there were to choose
  // from, and those of changed options.
  std::filesystem::path evaluation;
  std::int64_t evaluations = 0, evaluations_left_out = 0;
};

// Adaptations are read from the run's eval/ folder, where they are of its newest checkpoint. Throws
// UserError where `path` is no run directory, or where what it holds is damaged.
RunData ReadRun(const std::filesystem::path& path);

}  // namespace anole::plot
