#include "tools/run/parameter_notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "configs/user_error.h"
#include "envs/task_checksum.h"
#include "tools/run/logs/log.h"

namespace anole {
namespace {

constexpr const char *kFamily = "family", *kOptions = "options", *kAssigned = " = ";

bool IsNoted(const OptionDescription& option) {
  return !option.kept && !MayChangeOnResume(option.use);
}

std::string Note(const Notes& notes, const char* name) {
  const auto note = notes.find(name);
  return note == notes.end() ? "" : note->second;
}

}  // namespace

Notes NotesOf(const Experiment& experiment) {
  std::string text;
  for (const OptionDescription& option : experiment.Options()) {
    if (IsNoted(option)) text += option.name + kAssigned + option.default_value + "\n";
  }
  return {
      {kFamily, experiment.family()}, {kOptimizerNote, experiment.optimizer()}, {kOptions, text}};
}

std::vector<OptionDifference> DifferenceFromNotes(const Notes& notes,
                                                  const std::vector<OptionDescription>& options) {
  std::vector<OptionDifference> differences;
  std::istringstream lines(Note(notes, kOptions));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t assigned = line.find(kAssigned);
    if (assigned == std::string::npos) continue;
    const std::string name = line.substr(0, assigned);
    const std::string value = line.substr(assigned + std::string_view(kAssigned).size());
    const auto option = std::ranges::find(options, name, &OptionDescription::name);
    const bool is_there = option != options.end();
    if (is_there && (!IsNoted(*option) || option->default_value == value)) continue;
    differences.push_back({name, value, is_there ? option->default_value : "",
                           is_there ? option->use : Use::kAdaptation});
  }
  return differences;
}

void CheckFamily(const std::filesystem::path& file, const Notes& notes,
                 const Experiment& experiment, const std::string& insist) {
  const std::string family = Note(notes, kFamily);
  if (!family.empty() && family != experiment.family()) {
    throw UserError(fmt::format("{}: holds parameters of {}, not of {}; {} takes them nevertheless",
                                file.string(), family, experiment.family(), insist));
  }
  for (const OptionDifference& difference : DifferenceFromNotes(notes, experiment.Options())) {
    if (difference.name != kChecksumOption || difference.current.empty()) continue;
    LogWarning(file.string() + ": holds parameters of another task or model of " + family);
  }
}

}  // namespace anole
