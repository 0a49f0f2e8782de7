#include "meta/adapt_on_ranks.h"

#include <type_traits>
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

// What travels of an adaptation: visit(value) of each Vector, Matrix or number.
template <class Source, class Visit>
void VisitAdaptation(Source& adaptation, const Visit& visit) {
  visit(adaptation.params);
  visit(adaptation.trajectory);
  visit(adaptation.gradient);
  visit(adaptation.context_stats);
  visit(adaptation.objective);
  visit(adaptation.facts);
  visit(adaptation.samples);
}

template <class T>
constexpr bool kIsNumber = std::is_arithmetic_v<std::remove_cvref_t<T>>;

}  // namespace

// Counts are exact: doubles hold integers up to 2^53.
void Pack(const Adaptation& adaptation, std::vector<double>& packed) {
  VisitAdaptation(adaptation, [&](const auto& value) {
    if constexpr (kIsNumber<decltype(value)>) {
      packed.push_back(static_cast<double>(value));
    } else {
      PackMatrix(value, packed);
    }
  });
}

std::vector<Adaptation> Unpack(const std::vector<double>& packed) {
  std::vector<Adaptation> adaptations;
  for (const double* next = packed.data(); next != packed.data() + packed.size();) {
    VisitAdaptation(adaptations.emplace_back(), [&](auto& value) {
      if constexpr (kIsNumber<decltype(value)>) {
        value = static_cast<std::remove_cvref_t<decltype(value)>>(*next++);
      } else {
        value = UnpackMatrix(next);
      }
    });
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
