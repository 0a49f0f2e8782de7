// Evaluations of runs that differ in nothing but their seeds, as one.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/report/table_text.h"
#include "tools/run/evaluation_file.h"

namespace anole::report {

// An evaluation of each run, and the run's seed.
struct PooledRun {
  std::filesystem::path run;
  std::int64_t seed = 0;  // of training
  EvaluationRecord record;
  std::string text = "";  // of its file
};

// Throws UserError where two runs are of the same seed, or differ in anything else: their mean
// would be of nothing.
void CheckPoolable(const std::filesystem::path& first, const std::filesystem::path& other);

// A line for each number of updates: what the seeds say together, and each of them while they are
// few (tools/report/seed_statistics.h).
std::string PooledTable(const std::vector<PooledRun>& runs, TableForm form = TableForm::kText);

std::string PooledJson(const std::vector<PooledRun>& runs);

}  // namespace anole::report
