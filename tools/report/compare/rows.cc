#include "tools/report/compare/rows.h"

#include <algorithm>
#include <utility>

namespace anole::compare {

std::vector<Row> Rows(const CompareResult& result) {
  std::vector<Row> rows;
  for (const MethodResult& method : result.methods) {
    const auto row = std::ranges::find(rows, method.row, &Row::name);
    if (row == rows.end()) {
      rows.push_back({method.row, {&method}});
    } else {
      row->methods.push_back(&method);
    }
  }
  return rows;
}

std::vector<Vector> Strata(const Row& row, Eigen::Index update, const CompareResult& result,
                           report::Measure measure) {
  std::vector<Vector> strata;
  for (const MethodResult* method : row.methods) {
    Vector values(static_cast<Eigen::Index>(method->evaluations.size()));
    for (Eigen::Index i = 0; i < values.size(); ++i) {
      values[i] = measure(method->evaluations[static_cast<std::size_t>(i)], update,
                          result.spec.higher_is_better);
    }
    strata.push_back(std::move(values));
  }
  return strata;
}

Eigen::Index LastUpdate(const CompareResult& result) {
  return result.methods.front().evaluations.front().scores.rows() - 1;
}

}  // namespace anole::compare
