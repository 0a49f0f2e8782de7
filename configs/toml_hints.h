// What people get wrong in TOML, and what a parser of it cannot bear: found in the bare text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace anole {

// The end of a message about a mistake in line `number`, from 1 on: how a value is to be written,
// "; a text needs quotes: family = \"sine\"". Empty where the line holds none of the slips that are
// known.
std::string TomlHint(std::string_view text, std::size_t number);

// How many tables the name that is nested deepest opens, "a.b.c = 1" for instance three; at most
// too many, and a parser that calls itself for each of them ends the process.
std::size_t DeepestName(std::string_view text);

}  // namespace anole
