#include "envs/robot/terms.h"

namespace anole {

Eigen::Index KeptList::Add(std::unique_ptr<KeptNumbers> numbers) {
  const Eigen::Index first = size_;
  size_ += numbers->size();
  all_.push_back(std::move(numbers));
  return first;
}

void KeptList::Begin(const RobotState& state, VectorOut kept) const {
  Eigen::Index row = 0;
  for (const auto& numbers : all_) {
    numbers->Begin(state, kept.segment(row, numbers->size()));
    row += numbers->size();
  }
}

void KeptList::Advance(const RobotState& state, VectorOut kept) const {
  Eigen::Index row = 0;
  for (const auto& numbers : all_) {
    numbers->Advance(state, kept.segment(row, numbers->size()));
    row += numbers->size();
  }
}

void KeptList::Refresh(const RobotState& state, VectorOut kept) const {
  Eigen::Index row = 0;
  for (const auto& numbers : all_) {
    numbers->Refresh(state, kept.segment(row, numbers->size()));
    row += numbers->size();
  }
}

}  // namespace anole
