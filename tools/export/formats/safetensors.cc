// safetensors: the parameters by their names, with policy.json in the metadata.
#include "tools/export/export_format.h"
#include "tools/export/parameter_file.h"

namespace anole::exports {
namespace {

const RegisterExportFormat registration("safetensors",
                                        {"named tensors, which any language and `--theta` read",
                                         [](const ExportedPolicy& policy,
                                            const std::filesystem::path& folder) {
                                           WriteParameters(policy, folder / "policy.safetensors");
                                         }});

}  // namespace
}  // namespace anole::exports
