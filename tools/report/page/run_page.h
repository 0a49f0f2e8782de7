// What runs, or a comparison, have come to, as a page of HTML.
#pragma once

#include <string>
#include <vector>

#include "tools/report/page/page.h"
#include "tools/report/plot/groups.h"

namespace anole::report {

struct RunPage {
  std::string title;              // empty: the family's name
  std::vector<Page::Clip> clips;  // of its worst and best task
};

// Curves, tables with intervals, tasks one by one, how training went and where time went, how to do
// it again, by which program and machine. Throws UserError where there is nothing to show.
std::string RunsAsPage(const std::vector<plot::Group>& groups, const RunPage& more);

}  // namespace anole::report
