#include "tools/export/check/policy_record.h"

#include <nlohmann/json.hpp>

#include "configs/excerpt.h"
#include "configs/user_error.h"
#include "tools/export/policy_json.h"
#include "tools/run/checkpoints.h"
#include "tools/run/files/json_file.h"
#include "tools/run/files/json_vector.h"

namespace anole::exports {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::uintmax_t kLargestPolicy = std::uintmax_t{1} << 30;  // [bytes]

PolicyRecord ReadPolicyRecord(const fs::path& folder) {
  const fs::path file = folder / kPolicyFile;
  if (!fs::exists(file)) {
    throw UserError(folder.string() + ": holds no " + kPolicyFile +
                    ", as `anole export` writes it");
  }
  const Json json = ReadJson(file, kLargestPolicy);
  try {
    if (json.at("schema") != kPolicySchema) {
      throw UserError(file.string() + ": is of schema " + json["schema"].dump() +
                      "; this program knows " + kPolicySchema);
    }
    const Json &training = json.at("training"), &task = json.at("task");
    PolicyRecord told{.run = training.at("path").get<std::string>(),
                      .signature = training.at("signature").get<std::string>(),
                      .parameters = json.at("network").at("parameters").get<Vector>()};
    if (!task.at("goal").is_null()) told.goal = task["goal"].get<std::string>();
    if (!task.at("updates").is_null()) told.updates = task["updates"].get<std::int64_t>();
    // Of a run that was gone on with since, what was the latest then.
    const auto theta = training.at("theta").get<std::string>();
    const bool is_own = theta == "latest" || theta == "best" || theta == Checkpoints::kLastIterate;
    told.opened.parameters = is_own ? training.at("iterations").dump() : theta;
    told.opened.any_family = true;
    for (const auto& [name, value] : training.at("options").items()) {
      told.opened.options.emplace_back(name, value.get<std::string>());
    }
    for (const auto& [name, fingerprint] : json.at("files").items()) {
      if (name != fs::path(name).filename())
        throw UserError(file.string() + ": is damaged: " + Excerpt(name) +
                        " is no file of this folder");
      told.files.emplace_back(name, fingerprint.get<std::string>());
    }
    return told;
  } catch (const Json::exception&) {
    throw UserError(file.string() + ": is damaged, or none that `anole export` wrote");
  }
}

}  // namespace anole::exports
