// What options are called in other programs: known in messages only, never accepted.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace anole::app {

struct Synonym {
  std::vector<std::string_view> names;  // in small letters, with '_' for '-', without dashes
  // What is meant here, or why there is no such thing: the end of "unknown option '--lr'; ...".
  std::string_view meaning;
};

// Names of Stable-Baselines3, CleanRL, garage, learn2learn and their like.
std::span<const Synonym> Synonyms();

// The meaning of an option as it was typed, "--learning-rate"; empty where nobody calls one so.
std::string_view MeaningOf(std::string_view typed);

// The flags and options that a text names, each with its dashes: "--meta.step_size".
std::vector<std::string> OptionsNamedIn(std::string_view text);

}  // namespace anole::app
