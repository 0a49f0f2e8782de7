#include "envs/linear_algebra.h"

#include <cstddef>

namespace anole {
namespace {

// Eigen cuts products into blocks to fit the caches of the machine it runs on, and so adds up in
// another order on another machine. With given sizes the same binary gives the same bits on all
// CPUs of its class.
const bool kBlocksPinned = [] {
  constexpr std::ptrdiff_t kL1 = 32 << 10, kL2 = 512 << 10, kL3 = 4 << 20;  // [bytes]
  Eigen::setCpuCacheSizes(kL1, kL2, kL3);
  return true;
}();

}  // namespace
}  // namespace anole
