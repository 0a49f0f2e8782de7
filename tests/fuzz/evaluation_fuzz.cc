// A stored evaluation, and the tables that are made of it.
#include "tests/fuzz/harness.h"
#include "tools/report/evaluation_report.h"
#include "tools/run/evaluation_file.h"

namespace anole::fuzz {
namespace {

void FuzzEvaluation(std::string_view input) {
  const std::filesystem::path file = Write("evaluation.json", input);
  Accept([&] {
    const EvaluationRecord record = ReadEvaluation(file);
    KeyOf(record);
    report::EvaluationTitle(record);
    for (const auto form : {report::TableForm::kText, report::TableForm::kCsv}) {
      report::EvaluationTable(record, form);
      report::TasksTable(record, form);
    }
    const std::string text = EvaluationText(record);
    Require(EvaluationText(ReadEvaluation(Write("again.json", text))).size() == text.size(),
            "an evaluation that is written is another one");
  });
}

const RegisterHarness registration("evaluation", {FuzzEvaluation});

}  // namespace
}  // namespace anole::fuzz
