// The text of --help.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "configs/command_line.h"
#include "configs/lister.h"

namespace anole {

enum class Headings {
  kPlain,  // for files and programs
  kBold,   // for terminals that know ANSI's sequences
};

// A heading as it is to be printed.
std::string Heading(std::string_view text, Headings headings);

// Wrapped at 80 columns; options are grouped by section, each with its unit, range and default
// (none where that is empty).
// `usage` is "anole train EXPERIMENT [flags]"; `summary` may have paragraphs.
std::string FormatHelp(std::string_view usage, std::string_view summary,
                       const std::vector<Flag>& flags,
                       const std::vector<OptionDescription>& options,
                       Headings headings = Headings::kPlain);

}  // namespace anole
