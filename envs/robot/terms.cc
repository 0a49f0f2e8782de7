#include "envs/robot/terms.h"

namespace anole {

Eigen::Index KeptList::Add(std::unique_ptr<KeptNumbers> numbers) {
  const Eigen::Index first = size_;
  size_ += numbers->size();
  looks_within_ |= numbers->looks_within();
  all_.push_back(std::move(numbers));
  return first;
}

void KeptList::ForEach(VectorOut kept, const auto& act) const {
  Eigen::Index row = 0;
  for (const auto& numbers : all_) {
    act(*numbers, kept.segment(row, numbers->size()));
    row += numbers->size();
  }
}

void KeptList::Begin(const RobotState& state, VectorOut kept) const {
  ForEach(kept, [&](const KeptNumbers& numbers, VectorOut own) { numbers.Begin(state, own); });
}

void KeptList::Advance(const RobotState& state, VectorOut kept) const {
  ForEach(kept, [&](const KeptNumbers& numbers, VectorOut own) { numbers.Advance(state, own); });
}

void KeptList::Refresh(const RobotState& state, VectorOut kept) const {
  ForEach(kept, [&](const KeptNumbers& numbers, VectorOut own) { numbers.Refresh(state, own); });
}

void KeptList::Within(const RobotState& state, bool first, VectorOut kept) const {
  ForEach(kept,
          [&](const KeptNumbers& numbers, VectorOut own) { numbers.Within(state, first, own); });
}

}  // namespace anole
