// The value that a text is in TOML.
#pragma once

#include <optional>
#include <string>

#include "configs/settings.h"

namespace anole {

// As behind "name ="; nothing where it is no value that an option may have.
std::optional<SettingValue> ParseTomlValue(const std::string& text);

}  // namespace anole
