// How lines about a robot's task are put.
#pragma once

#include <string>
#include <vector>

#include "envs/phased_range.h"

namespace anole::app {

// "name          text"
void PrintLine(const std::string& name, const std::string& text);

// "within 20 iterations of training, in 2 steps"
std::string GrowthText(const Growing& growth, Growth of);

// "; body = \"torso\"", or "" where nothing is told
std::string In(const std::string& told);

std::string Joined(const std::vector<std::string>& words);  // "a, b"

// At most some of many words: "a, b and 3 more".
std::string Several(const std::vector<std::string>& words);

}  // namespace anole::app
