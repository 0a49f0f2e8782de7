#include "agents/inner_loop.h"

#include <functional>
#include <numeric>

namespace anole {

std::int64_t Block::size() const {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::int64_t TotalSize(const std::vector<Block>& blocks) {
  return std::accumulate(blocks.begin(), blocks.end(), std::int64_t{0},
                         [](std::int64_t size, const Block& block) { return size + block.size(); });
}

}  // namespace anole
