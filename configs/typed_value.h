// What a text on the command line means.
#pragma once

#include <string>

#include "configs/settings.h"

namespace anole {

// A TOML value, or "-2,2" for [-2, 2], or ".5" for 0.5, or else a word without quotes. Throws
// UserError, which begins with `origin`, where it is no UTF-8.
SettingValue TypedValue(const std::string& text, const std::string& origin);

}  // namespace anole
