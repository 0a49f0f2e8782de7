// A run's metrics as TensorBoard shows them, over environment steps (or examples).
#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tools/run/logs/metrics_format.h"
#include "tools/run/logs/tensorboard/event_file.h"

namespace anole {
namespace {

bool IsSamples(const std::string& name) { return name == "env_steps" || name == "examples"; }

bool IsAxis(const std::string& name) { return name == "iteration" || IsSamples(name); }

class EventFormat : public MetricsFormat {
 public:
  explicit EventFormat(const MetricsStart& start)
      : events_(start.directory.path(), start.state.samples + 1), columns_(start.columns) {
    events_.WriteText("config", fmt::format("```toml\n{}```\n", start.config), start.state.samples);
  }

  void Write(const MetricsRow& row) override {
    std::vector<Scalar> scalars;
    std::int64_t step = 0;
    for (const auto& [name, value] : row) {
      if (IsSamples(name)) step = static_cast<std::int64_t>(value);
      if (!IsAxis(name)) scalars.push_back({name, value, Description(name)});
    }
    events_.WriteScalars(step, scalars);
  }

 private:
  // Of a tag's first value in this file; later ones need none.
  std::string Description(const std::string& name) {
    if (!described_.insert(name).second) return "";
    const Column* const column = FindColumn(columns_, name);
    if (column == nullptr) return "";
    return column->help + (column->unit.empty() ? "" : " [" + column->unit + "]");
  }

  EventFile events_;
  std::vector<Column> columns_;
  std::set<std::string> described_;
};

const RegisterMetricsFormat registration("tensorboard", [](const MetricsStart& start) {
  return std::unique_ptr<MetricsFormat>(std::make_unique<EventFormat>(start));
});

}  // namespace
}  // namespace anole
