// A form in which people read a run's metrics: each is a file that registers itself.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "meta/meta_state.h"
#include "tools/run/logs/metrics.h"
#include "tools/run/run_directory.h"

namespace anole {

class MetricsFormat {
 public:
  virtual ~MetricsFormat() = default;

  // Of one iteration. Throws std::filesystem::filesystem_error where it cannot.
  virtual void Write(const MetricsRow& row) = 0;

  // Returns when the rows would survive a power cut.
  virtual void Sync() {}
};

// Where and how the writing of a run's metrics begins.
struct MetricsStart {
  const RunDirectory& directory;
  const MetaState& state;       // what was written of later iterations is dropped
  const std::string& config;    // the text of config.toml
  std::vector<Column> columns;  // that the rows may have
};

using MakeMetricsFormat = std::unique_ptr<MetricsFormat> (*)(const MetricsStart& start);

// An object of static duration makes a format one that every run is written in.
class RegisterMetricsFormat {
 public:
  RegisterMetricsFormat(const std::string& name, MakeMetricsFormat make);
};

// All of them, in the order of their names.
std::vector<std::unique_ptr<MetricsFormat>> MakeMetricsFormats(const MetricsStart& start);

}  // namespace anole
