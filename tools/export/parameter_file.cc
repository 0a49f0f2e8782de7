#include "tools/export/parameter_file.h"

#include <nlohmann/json.hpp>

#include "meta/checkpoint.h"
#include "tools/export/policy_json.h"
#include "tools/run/files/new_file.h"
#include "tools/run/parameter_notes.h"

namespace anole::exports {

void WriteParameters(const ExportedPolicy& policy, const std::filesystem::path& file) {
  MetaState state = policy.run->state();
  state.theta = policy.learned.theta;
  state.average.resize(0);    // of what was before
  state.optimizer.resize(0);  // only training needs it
  Notes notes = NotesOf(policy.run->experiment());
  if (!policy.goal.empty()) notes["goal"] = policy.goal;
  if (policy.updates) notes["updates"] = std::to_string(*policy.updates);
  // Readers take headers of a few megabytes; the parameters are the file's tensors.
  nlohmann::ordered_json json = PolicyJson(policy);
  json["network"].erase("parameters");
  json["test_vectors"].erase("batch");
  json["test_vectors"].erase("parameters_after_updates");
  notes["policy"] = json.dump();
  NewFile written(file);
  SaveState(written.path(), state, policy.loop().spec().layout, notes);
  written.Commit();
}

}  // namespace anole::exports
