// What a method is tried with: values for some of its options, in every combination or as drawn.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "configs/settings.h"

namespace anole::tune {

// An option and the values that are tried, each as a setting with its place in the file.
struct Dimension {
  std::string name;
  std::vector<Setting> values;
};

using Space = std::vector<Dimension>;

// Of `inner.step_size = [0.1, 0.3]`. Throws UserError where it is no list of different values.
Dimension ToDimension(const Setting& setting);

// How many combinations there are; 2^62 where there are more, and 1 of no dimensions.
std::uint64_t Combinations(const Space& space);

// `count` different combinations, each a value's place in each dimension, (dimensions). All of
// them, in order, where there are no more; else drawn uniformly by `seed`: the first ones are the
// same whatever the count. count: at most Combinations(space).
std::vector<std::vector<std::size_t>> Draw(const Space& space, std::uint64_t count,
                                           std::uint64_t seed);

}  // namespace anole::tune
