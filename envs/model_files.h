// The MJCF files of envs/models, embedded in the program: found whatever the working directory.
#pragma once

#include <string_view>

namespace anole {

// The text of envs/models/`name`, e.g. "half_cheetah.xml". Asserts that the file exists.
std::string_view ModelXml(std::string_view name);

}  // namespace anole
