#include "tools/report/seeds.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "configs/excerpt.h"
#include "configs/user_error.h"

namespace anole::report {
namespace {

constexpr std::int64_t kMaxSeeds = 1000;
constexpr std::int64_t kMaxSeed = 9'000'000'000'000'000;  // as of run.seed

bool ParseSeed(const std::string& text, std::int64_t& seed) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  return error == std::errc() && end == text.data() + text.size() && seed >= 0 && seed <= kMaxSeed;
}

}  // namespace

std::vector<std::int64_t> ParseSeeds(const std::string& where, const std::string& text) {
  const auto wrong = [&] {
    return UserError(where + "=" + Excerpt(text) + ": must be seeds as in 1-5 or 1,3,7, each 0 " +
                     "to " + std::to_string(kMaxSeed) + " and at most " +
                     std::to_string(kMaxSeeds));
  };
  std::vector<std::int64_t> seeds;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    std::int64_t first = 0, last = 0;
    const std::size_t dash = part.find('-');
    if (!ParseSeed(part.substr(0, dash), first)) throw wrong();
    last = first;
    if (dash != std::string::npos && !ParseSeed(part.substr(dash + 1), last)) throw wrong();
    if (last < first || last - first >= kMaxSeeds) throw wrong();
    for (std::int64_t seed = first; seed <= last; ++seed) {
      if (std::ranges::find(seeds, seed) != seeds.end()) throw wrong();
      seeds.push_back(seed);
      if (static_cast<std::int64_t>(seeds.size()) > kMaxSeeds) throw wrong();
    }
  }
  if (seeds.empty() || text.ends_with(',')) throw wrong();
  return seeds;
}

}  // namespace anole::report
