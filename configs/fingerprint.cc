#include "configs/fingerprint.h"

#include <array>
#include <cstdio>

namespace anole {

std::string Fingerprint::text() const {
  std::array<char, 17> digits{};
  std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(hash_));
  return digits.data();
}

}  // namespace anole
