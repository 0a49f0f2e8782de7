// What was probably meant where a command was given what it cannot take: an option of another
// program or command, a file of another kind.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "tools/app/command.h"

namespace anole::app {

// The end of the message about an option that `command` does not know: what it is called here, the
// nearest names (`suggestion`), and which of `all` commands has it.
std::string AdviceOnOption(const Command& command, std::span<const Command* const> all,
                           std::string_view typed, const std::string& suggestion);

// Throws UserError with the command that was probably meant where an argument of `line` is a file
// or folder of another kind than `command` takes.
void CheckArguments(const Command& command, const CommandLine& line);

}  // namespace anole::app
