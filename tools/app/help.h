// anole help: what there is to type, from a page that fits on one screen to a single option.
#pragma once

#include <string>
#include <vector>

#include "tools/app/command.h"

namespace anole::app {

// `words` stand behind `help`: none; a command; a command, and a section of configs, a task family
// or "all"; or an option of configs. Printed to stdout. Throws UserError where they name nothing.
void PrintHelp(const std::vector<std::string>& words);

}  // namespace anole::app
