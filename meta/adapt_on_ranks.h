// A loop over tasks whose turns are shared among ranks, and on each rank among its threads.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "agents/inner_loop.h"
#include "meta/communicator.h"

namespace anole {

// adapt(0) .. adapt(n - 1), each made by one of the ranks; all of them, in this order and bit for
// bit, on every rank; but Adaptation::frozen stays where it was made. Collective; `adapt` is called
// from any thread.
std::vector<Adaptation> AdaptOnRanks(const Communicator& ranks, std::int64_t n,
                                     const std::function<Adaptation(std::int64_t)>& adapt);

// As a sequence of doubles, which tells its own length, and back; without `frozen`.
void Pack(const Adaptation& adaptation, std::vector<double>& packed);
std::vector<Adaptation> Unpack(const std::vector<double>& packed);

}  // namespace anole
