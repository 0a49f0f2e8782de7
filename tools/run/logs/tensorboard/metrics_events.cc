// A run's metrics as TensorBoard shows them, over environment steps (or examples).
#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <string>

#include "tools/run/logs/metrics_format.h"
#include "tools/run/logs/tensorboard/event_file.h"

namespace anole {
namespace {

bool IsSamples(const std::string& name) { return name == "env_steps" || name == "examples"; }

bool IsAxis(const std::string& name) { return name == "iteration" || IsSamples(name); }

class EventFormat : public MetricsFormat {
 public:
  explicit EventFormat(const MetricsStart& start)
      : events_(start.directory.path(), start.state.samples + 1) {
    events_.WriteText("config", fmt::format("```toml\n{}```\n", start.config),
                      start.state.samples);
  }

  void Write(const MetricsRow& row) override {
    MetricsRow scalars;
    std::int64_t step = 0;
    for (const auto& [name, value] : row) {
      if (IsSamples(name)) step = static_cast<std::int64_t>(value);
      if (!IsAxis(name)) scalars.emplace_back(name, value);
    }
    events_.WriteScalars(step, scalars);
  }

 private:
  EventFile events_;
};

const RegisterMetricsFormat registration("tensorboard", [](const MetricsStart& start) {
  return std::unique_ptr<MetricsFormat>(std::make_unique<EventFormat>(start));
});

}  // namespace
}  // namespace anole
