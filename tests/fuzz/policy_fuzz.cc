// policy.json of an export.
#include "tests/fuzz/harness.h"
#include "tools/export/check/policy_record.h"
#include "tools/export/policy_json.h"

namespace anole::fuzz {
namespace {

void FuzzPolicy(std::string_view input) {
  const std::filesystem::path file =
      Write((std::filesystem::path("export") / exports::kPolicyFile).string(), input);
  Accept([&] { exports::ReadPolicyRecord(file.parent_path()); });
}

const RegisterHarness registration("policy", {FuzzPolicy});

}  // namespace
}  // namespace anole::fuzz
