// The C sources of this folder, into which an exported policy's numbers go.
#pragma once

#include <string_view>

namespace anole::exports {

// The text of tools/export/c99/`name`, "policy.c.in". Asserts that the file exists.
std::string_view C99Template(std::string_view name);

}  // namespace anole::exports
