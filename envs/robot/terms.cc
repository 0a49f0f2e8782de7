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

void KeptList::BeginStep(VectorOut kept) const {
  if (!looks_within_) return;
  kept.tail(size_) = kept.head(size_);
  ForEach(kept, [](const KeptNumbers& numbers, VectorOut own) { numbers.BeginStep(own); });
}

void KeptList::GoBack(VectorOut kept) const {
  Eigen::Index row = size_;
  ForEach(kept, [&](const KeptNumbers& numbers, VectorOut own) {
    if (!numbers.looks_within()) own = kept.segment(row, own.size());
    row += own.size();
  });
}

void KeptList::Advance(const RobotState& state, VectorOut kept) const {
  if (looks_within_) {
    Within(state, kept);
    return;
  }
  ForEach(kept, [&](const KeptNumbers& numbers, VectorOut own) { numbers.Advance(state, own); });
}

void KeptList::Refresh(const RobotState& state, VectorOut kept) const {
  ForEach(kept, [&](const KeptNumbers& numbers, VectorOut own) { numbers.Refresh(state, own); });
}

void KeptList::Within(const RobotState& state, VectorOut kept) const {
  GoBack(kept);
  ForEach(kept, [&](const KeptNumbers& numbers, VectorOut own) {
    numbers.looks_within() ? numbers.Within(state, own) : numbers.Advance(state, own);
  });
}

}  // namespace anole
