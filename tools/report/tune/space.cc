#include "tools/report/tune/space.h"

#include <algorithm>
#include <set>
#include <variant>

#include "configs/user_error.h"
#include "envs/random.h"

namespace anole::tune {
namespace {

constexpr std::uint64_t kMostCombinations = std::uint64_t{1} << 62;

// The combination with this number: the last dimension is counted through first.
std::vector<std::size_t> Combination(const Space& space, std::uint64_t number) {
  std::vector<std::size_t> places(space.size());
  for (std::size_t i = space.size(); i-- > 0;) {
    places[i] = number % space[i].values.size();
    number /= space[i].values.size();
  }
  return places;
}

}  // namespace

Dimension ToDimension(const Setting& setting) {
  std::vector<SettingValue> values;
  if (const auto* numbers = std::get_if<std::vector<Number>>(&setting.value)) {
    values.assign(numbers->begin(), numbers->end());
  } else if (const auto* any = std::get_if<std::vector<PlainValue>>(&setting.value)) {
    for (const PlainValue& value : *any) {
      std::visit([&](const auto& alternative) { values.emplace_back(alternative); }, value);
    }
  } else {
    throw UserError(setting.Where() + ": must be a list of the values to try, as in [0.1, 0.3]");
  }
  if (values.empty()) throw UserError(setting.Where() + ": must be 1 value or more");
  Dimension dimension{setting.name, {}};
  for (const SettingValue& value : values) {
    const std::string text = ValueText(value);
    if (std::ranges::any_of(dimension.values,
                            [&](const Setting& other) { return ValueText(other.value) == text; })) {
      throw UserError(setting.Where() + ": " + text + " is there twice");
    }
    Setting& one = dimension.values.emplace_back(setting);
    one.value = value;
  }
  return dimension;
}

std::uint64_t Combinations(const Space& space) {
  std::uint64_t product = 1;
  for (const Dimension& dimension : space) {
    if (product > kMostCombinations / dimension.values.size()) return kMostCombinations;
    product *= dimension.values.size();
  }
  return product;
}

std::vector<std::vector<std::size_t>> Draw(const Space& space, std::uint64_t count,
                                           std::uint64_t seed) {
  std::vector<std::vector<std::size_t>> drawn;
  if (Combinations(space) <= count) {
    for (std::uint64_t i = 0; i < Combinations(space); ++i) drawn.push_back(Combination(space, i));
    return drawn;
  }
  Rng rng = Address{.seed = seed, .phase = Phase::kValidation}.Open(Purpose::kLearner);
  std::set<std::vector<std::size_t>> known;
  while (drawn.size() < count) {
    std::vector<std::size_t> places;
    for (const Dimension& dimension : space) {
      const auto values = static_cast<double>(dimension.values.size());
      places.push_back(static_cast<std::size_t>(rng.Uniform(0, values)));
    }
    if (known.insert(places).second) drawn.push_back(std::move(places));
  }
  return drawn;
}

}  // namespace anole::tune
