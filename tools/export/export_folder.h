// A policy, exported: a folder with policy.json and the files of some formats.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/export/exported_policy.h"
#include "tools/run/open_request.h"

namespace anole::exports {

// Throws UserError where there is something at `folder` already, or it could not be made.
void CheckExportFolder(const std::filesystem::path& folder);

// Writes the folder as a whole, or not at all. opened: how the policy's run was opened, which is
// noted. formats: names of ExportFormats. Throws as above, and std::filesystem::filesystem_error.
void WriteExport(const ExportedPolicy& policy, const OpenRequest& opened,
                 const std::vector<std::string>& formats, const std::filesystem::path& folder);

}  // namespace anole::exports
