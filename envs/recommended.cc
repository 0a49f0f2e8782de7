#include "envs/recommended.h"

namespace anole {
namespace {

std::map<std::string, RecommendedOptions>& All() {
  static std::map<std::string, RecommendedOptions> all;
  return all;
}

}  // namespace

const RecommendedOptions& Recommended(const std::string& family) {
  static const RecommendedOptions kNone;
  const auto found = All().find(family);
  return found == All().end() ? kNone : found->second;
}

RegisterRecommended::RegisterRecommended(const std::string& family,
                                         const RecommendedOptions& options) {
  All().emplace(family, options);
}

}  // namespace anole
