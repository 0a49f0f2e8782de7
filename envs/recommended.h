// Options of which a family needs other defaults than all have: it says so at the foot of its own
// file, and who gives nothing but the family's name gets them.
#pragma once

#include <map>
#include <string>

namespace anole {

using RecommendedOptions = std::map<std::string, std::string>;  // "policy.log_std" -> "-1.5"

// Of `family`; empty where it has none.
const RecommendedOptions& Recommended(const std::string& family);

class RegisterRecommended {
 public:
  RegisterRecommended(const std::string& family, const RecommendedOptions& options);
};

}  // namespace anole
