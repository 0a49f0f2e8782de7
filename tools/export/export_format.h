// A form in which a policy leaves anole: each is a file in formats/ that registers itself.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "tools/export/exported_policy.h"

namespace anole::exports {

struct ExportFormat {
  std::string summary;  // one line, for help and lists
  // Writes files of its own into a folder that is there. Throws std::filesystem::filesystem_error.
  void (*write)(const ExportedPolicy& policy, const std::filesystem::path& folder);
};

// By their names.
const std::map<std::string, ExportFormat>& ExportFormats();

// An object of static duration makes a format one of them.
class RegisterExportFormat {
 public:
  RegisterExportFormat(const std::string& name, ExportFormat format);
};

}  // namespace anole::exports
