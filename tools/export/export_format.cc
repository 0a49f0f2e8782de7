#include "tools/export/export_format.h"

#include <utility>

namespace anole::exports {
namespace {

std::map<std::string, ExportFormat>& Registered() {
  static std::map<std::string, ExportFormat> formats;
  return formats;
}

}  // namespace

const std::map<std::string, ExportFormat>& ExportFormats() { return Registered(); }

RegisterExportFormat::RegisterExportFormat(const std::string& name, ExportFormat format) {
  Registered().emplace(name, std::move(format));
}

}  // namespace anole::exports
