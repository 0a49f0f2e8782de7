// The rows of a comparison: methods that are pooled.
#pragma once

#include <string>
#include <vector>

#include "tools/report/compare/sweep.h"
#include "tools/report/measures.h"

namespace anole::compare {

// A row of the tables: the methods that share it.
struct Row {
  std::string name;
  std::vector<const MethodResult*> methods;
};

// In the order of their first methods.
std::vector<Row> Rows(const CompareResult& result);

// For each method of a row: (seeds).
std::vector<Vector> Strata(const Row& row, Eigen::Index update, const CompareResult& result,
                           report::Measure measure);

// Of those that are scored.
Eigen::Index LastUpdate(const CompareResult& result);

}  // namespace anole::compare
