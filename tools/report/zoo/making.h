// Entries of the zoo from finished runs.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "meta/communicator.h"
#include "tools/report/zoo/entry.h"
#include "tools/run/run.h"

namespace anole::zoo {

// What a finished run has reached on the tasks of tests, by its own evaluation options; kept in its
// folder, where it is not evaluated again. On rank 0, with the help of all `ranks`.
RunFigures FiguresOf(const std::filesystem::path& path, const Communicator& ranks);

// Makes the entry `folder` of runs that differ in nothing but their seeds; the parameters are those
// of the run that is in the middle by its last score. told: what is being done. Throws UserError
// where a run is not finished or is another one, and where there is something at `folder` that is
// no entry, or one and not `overwrite`: before anything is written there. False: interrupted.
bool MakeEntry(const std::vector<std::filesystem::path>& runs, const std::filesystem::path& folder,
               bool overwrite, const Communicator& ranks,
               const std::function<void(const std::string& told)>& tell);

}  // namespace anole::zoo
