#include "meta/task_set.h"

#include <set>
#include <vector>

namespace anole {
namespace {

using Columns = std::set<std::vector<double>>;

std::vector<double> ColumnOf(MatrixIn tasks, Eigen::Index i) {
  return {tasks.col(i).begin(), tasks.col(i).end()};
}

constexpr std::int64_t kFirstLook = 16, kLongestList = 1 << 20;  // [tasks]

}  // namespace

Matrix DistinctTasks(MatrixIn tasks) {
  Columns seen;
  std::vector<Eigen::Index> first;
  for (Eigen::Index i = 0; i < tasks.cols(); ++i) {
    if (seen.insert(ColumnOf(tasks, i)).second) first.push_back(i);
  }
  return tasks(Eigen::all, first);
}

Matrix ListedTasks(const InnerLoop& loop, Phase phase) {
  for (std::int64_t count = kFirstLook; count <= kLongestList; count *= 4) {
    const Slice slice{.count = count, .strata = count};
    const Matrix tasks = loop.SampleTasks(0, phase, slice);
    if (tasks != loop.SampleTasks(1, phase, slice)) break;
    Matrix distinct = DistinctTasks(tasks);
    if (distinct.cols() < count) return distinct;  // the list has begun anew
  }
  return {};
}

std::int64_t CountTrainedOn(const InnerLoop& training, MatrixIn tasks) {
  const Matrix listed = ListedTasks(training, Phase::kTrain);
  Columns trained;
  for (Eigen::Index i = 0; i < listed.cols(); ++i) trained.insert(ColumnOf(listed, i));
  std::int64_t count = 0;
  for (Eigen::Index i = 0; i < tasks.cols(); ++i) {
    if (trained.contains(ColumnOf(tasks, i))) ++count;
  }
  return count;
}

}  // namespace anole
