// The zoo and its reproductions as tables and JSON.
#pragma once

#include <string>
#include <vector>

#include "tools/report/zoo/entry.h"
#include "tools/report/zoo/reproduction.h"

namespace anole::zoo {

// A line for each entry: what its runs took and reached. In lines as a terminal shows them.
std::string ListText(const std::vector<Entry>& entries);

// A list of what their files hold, each with its name.
std::string ListJson(const std::vector<Entry>& entries);

// A line for each seed beside what the entry says of it, and the verdict.
std::string ReproductionText(const Entry& entry, const std::vector<Reproduced>& all);

std::string ReproductionJson(const Entry& entry, const std::vector<Reproduced>& all);

}  // namespace anole::zoo
