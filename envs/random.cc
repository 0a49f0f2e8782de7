#include "envs/random.h"

#include <Random123/philox.h>

#include <boost/random/normal_distribution.hpp>
#include <cassert>

namespace anole {

Rng::result_type Rng::operator()() {
  if (used_ == 4) {
    const r123::Philox4x32::ctr_type counter = {
        {counter_[0], counter_[1], counter_[2], counter_[3]}};
    const r123::Philox4x32::key_type key = {
        {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32U)}};
    const r123::Philox4x32::ctr_type block = r123::Philox4x32()(counter, key);
    block_ = {block[0], block[1], block[2], block[3]};
    ++counter_[0];
    used_ = 0;
  }
  return block_[static_cast<std::size_t>(used_++)];
}

double Rng::Uniform(double low, double high) {
  const std::uint64_t bits = (std::uint64_t{(*this)()} << 32U | (*this)()) >> 11U;
  return low + (high - low) * (static_cast<double>(bits) * 0x1p-53);
}

double Rng::Normal() {
  // Ziggurat. It draws a varying number of words, which is why every episode has its own stream.
  return boost::random::normal_distribution<double>()(*this);
}

Rng Address::Open(Purpose purpose) const {
  assert(0 <= iteration && iteration <= kMaxIteration);
  assert(0 <= task && task <= kMaxTask);
  assert(0 <= inner_step && inner_step <= kMaxInnerStep);
  assert(0 <= rollout && rollout <= kMaxRollout);
  return Rng(seed,
             {0, static_cast<std::uint32_t>(iteration),
              static_cast<std::uint32_t>(task << 12U | inner_step),
              static_cast<std::uint32_t>(rollout) << 12U | static_cast<std::uint32_t>(phase) << 8U |
                  static_cast<std::uint32_t>(purpose)});
}

}  // namespace anole
