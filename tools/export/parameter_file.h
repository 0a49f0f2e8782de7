// The parameters of an exported policy as a safetensors file. Its metadata have policy.json, but
// for the parameters themselves and the batch of the test vectors.
// `--theta` of anole's commands reads it as well.
#pragma once

#include <filesystem>

#include "tools/export/exported_policy.h"

namespace anole::exports {

// Throws std::filesystem::filesystem_error.
void WriteParameters(const ExportedPolicy& policy, const std::filesystem::path& file);

}  // namespace anole::exports
