#include "meta/adapt_on_ranks.h"

#include <iterator>
#include <utility>

#include "agents/parallel_for.h"

namespace anole {
namespace {

// Rows, columns, values.
void PackMatrix(MatrixIn matrix, std::vector<double>& packed) {
  packed.push_back(static_cast<double>(matrix.rows()));
  packed.push_back(static_cast<double>(matrix.cols()));
  for (Eigen::Index i = 0; i < matrix.cols(); ++i) {
    packed.insert(packed.end(), matrix.col(i).begin(), matrix.col(i).end());
  }
}

Matrix UnpackMatrix(const double*& next) {
  const auto rows = static_cast<Eigen::Index>(*next++);
  const auto cols = static_cast<Eigen::Index>(*next++);
  Matrix matrix = Eigen::Map<const Matrix>(next, rows, cols);
  next += matrix.size();
  return matrix;
}

}  // namespace

// Counts are exact: doubles hold integers up to 2^53.
void Pack(const Adaptation& adaptation, std::vector<double>& packed) {
  PackMatrix(adaptation.params, packed);
  PackMatrix(adaptation.trajectory, packed);
  PackMatrix(adaptation.gradient, packed);
  PackMatrix(adaptation.context_stats, packed);
  PackMatrix(adaptation.facts, packed);
  packed.push_back(static_cast<double>(adaptation.samples));
}

std::vector<Adaptation> Unpack(const std::vector<double>& packed) {
  std::vector<Adaptation> adaptations;
  for (const double* next = packed.data(); next != packed.data() + packed.size();) {
    Adaptation& adaptation = adaptations.emplace_back();
    adaptation.params = UnpackMatrix(next);
    adaptation.trajectory = UnpackMatrix(next);
    adaptation.gradient = UnpackMatrix(next);
    adaptation.context_stats = UnpackMatrix(next);
    adaptation.facts = UnpackMatrix(next);
    adaptation.samples = static_cast<std::int64_t>(*next++);
  }
  return adaptations;
}

std::vector<Adaptation> AdaptOnRanks(const Communicator& ranks, std::int64_t n,
                                     const std::function<Adaptation(std::int64_t)>& adapt) {
  const Part part = PartOf(n, ranks.rank(), ranks.size());
  std::vector<Adaptation> mine(static_cast<std::size_t>(part.count));
  ParallelFor(part.count,
              [&](std::int64_t i) { mine[static_cast<std::size_t>(i)] = adapt(part.first + i); });
  if (ranks.size() == 1) return mine;
  std::vector<double> packed;
  for (const Adaptation& adaptation : mine) Pack(adaptation, packed);
  std::vector<Adaptation> all = Unpack(ranks.Gather(packed));
  for (std::size_t i = 0; i < mine.size(); ++i) {
    all[static_cast<std::size_t>(part.first) + i].frozen = std::move(mine[i].frozen);
  }
  return all;
}

}  // namespace anole
