// policy.json: all that one must know to run an exported policy, and to check a copy of it. Its
// schema is in README.md.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "tools/export/exported_policy.h"

namespace anole::exports {

inline constexpr const char* kPolicyFile = "policy.json";
inline constexpr const char* kPolicySchema = "anole-policy-1";

nlohmann::ordered_json PolicyJson(const ExportedPolicy& policy);

}  // namespace anole::exports
