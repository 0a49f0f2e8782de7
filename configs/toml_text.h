// How values are written in TOML: for stored configs, catalogues and messages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "configs/option.h"

namespace anole {

std::string TomlText(bool value);
std::string TomlText(std::int64_t value);
std::string TomlText(double value);  // the shortest text that reads back to the same double
std::string TomlText(const std::string& value);
std::string TomlText(const std::vector<std::int64_t>& values);
std::string TomlText(const std::vector<double>& values);
std::string TomlText(const EnumValue& value);
std::string TomlText(const OptionValue& value);
std::string TomlText(const char*) = delete;  // it would be taken for a bool

}  // namespace anole
