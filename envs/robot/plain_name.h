// Names and units that a task file makes up, and that tables, plots and --goal show.
#pragma once

#include <algorithm>
#include <string>

#include "configs/user_error.h"

namespace anole {

// Throws OptionError where a name would break the columns or lines in which it stands. (What the
// model's own parts are called is not for a task file to change.)
inline void CheckPlainName(const std::string& option, const std::string& name) {
  constexpr std::size_t kLongest = 64;  // [bytes]
  const bool plain = std::ranges::all_of(name, [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F && c != ',' && c != '"' && c != '|';
  });
  if (plain && name.size() <= kLongest) return;
  throw OptionError(option, "must have no comma, quote, bar or line break, and at most " +
                                std::to_string(kLongest) + " bytes");
}

}  // namespace anole
