// What a tuning has tried and chosen: text for people, CSV and JSON for programs, and the
// specification of the comparison that follows.
#pragma once

#include <filesystem>
#include <string>

#include "tools/report/tune/search.h"
#include "tools/report/tune/spec.h"

namespace anole::tune {

// For each method its trials, best first, with their scores after each rung; in lines as a terminal
// shows them.
std::string TextReport(const TuneSpec& spec, const TuneResult& result);

// A line for each method, trial, rung and seed.
std::string CsvReport(const TuneSpec& spec, const TuneResult& result);

std::string JsonReport(const TuneSpec& spec, const TuneResult& result);

// The comparison with the best trial of each method, as a file of `folder`; methods that have none
// are as they were. `anole compare` takes it as it is.
std::string ChosenSpec(const TuneSpec& spec, const TuneResult& result,
                       const std::filesystem::path& folder);

}  // namespace anole::tune
