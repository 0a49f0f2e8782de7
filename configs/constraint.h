// What an OptionInfo allows, in words, and whether a value obeys it.
#pragma once

#include <string>
#include <vector>

#include "configs/option.h"

namespace anole {

// "integer", "list of numbers", "word", ...
std::string TypeText(const OptionValue& value, const OptionInfo& info);

// "one of adam, sgd"; "" where there are none.
std::string OneOf(const std::vector<std::string>& words);

// "at least 0", "2 values, all above 0", "one of adam, sgd"; "" if everything is allowed.
std::string RangeText(const OptionValue& value, const OptionInfo& info);

// What is wrong with the value, as "must be at least 0"; "" if nothing is.
std::string Violation(const OptionValue& value, const OptionInfo& info);

}  // namespace anole
