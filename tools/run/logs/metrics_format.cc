#include "tools/run/logs/metrics_format.h"

#include <map>

namespace anole {
namespace {

std::map<std::string, MakeMetricsFormat>& Formats() {
  static std::map<std::string, MakeMetricsFormat> formats;
  return formats;
}

}  // namespace

RegisterMetricsFormat::RegisterMetricsFormat(const std::string& name, MakeMetricsFormat make) {
  Formats().emplace(name, make);
}

std::vector<std::unique_ptr<MetricsFormat>> MakeMetricsFormats(const MetricsStart& start) {
  std::vector<std::unique_ptr<MetricsFormat>> formats;
  for (const auto& [name, make] : Formats()) formats.push_back(make(start));
  return formats;
}

}  // namespace anole
