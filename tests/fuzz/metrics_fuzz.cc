// metrics.csv and metrics.jsonl of a run: read, and gone on with after the third iteration.
#include "tests/fuzz/harness.h"
#include "tools/run/logs/metrics_log.h"

namespace anole::fuzz {
namespace {

void FuzzMetrics(std::string_view input) {
  std::map<std::string, std::string> files = FilesOf(input);
  const std::filesystem::path csv = Write("metrics.csv", files[""]);
  const std::filesystem::path jsonl = Write("metrics.jsonl", files["jsonl"]);
  Accept([&] {
    const MetricsTable table = ReadMetrics(csv);
    for (const std::vector<double>& row : table.rows) {
      Require(row.size() == table.names.size(), "a row has another number of cells");
    }
  });
  Accept([&] {
    MetricsLog log(csv, jsonl, 3);
    log.Write({{"iteration", 4}, {"a", 0.5}});
    ReadMetrics(csv);
  });
}

const RegisterHarness registration("metrics", {FuzzMetrics});

}  // namespace
}  // namespace anole::fuzz
