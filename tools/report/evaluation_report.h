// An evaluation as tables for people.
#pragma once

#include <string>

#include "tools/report/table_text.h"
#include "tools/run/evaluation_file.h"

namespace anole::report {

// "cheetah-velocity: 20 held-out tasks"
std::string EvaluationTitle(const EvaluationRecord& record);

// What an update is where it is none of parameters, as a line of a legend; else nothing.
std::string UpdateMeaning(const EvaluationRecord& record);

// A line for each number of updates: mean over tasks and its interval, spread, worst tasks. As CSV
// this table and the next are numbers for programs, in full.
std::string EvaluationTable(const EvaluationRecord& record, TableForm form = TableForm::kText);

// A line for each task: its parameters and its score after each number of updates. As CSV it has a
// line for each task and number of updates.
std::string TasksTable(const EvaluationRecord& record, TableForm form = TableForm::kText);

}  // namespace anole::report
