// The comparison with what a tuning has chosen.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "configs/toml_text.h"
#include "tools/report/tune/report.h"
#include "tools/run/experiment.h"

namespace anole::tune {
namespace {

namespace fs = std::filesystem;

std::string Line(const Setting& setting, const std::string& name) {
  return fmt::format("{} = {}\n", name, ValueText(setting.value));
}

// A setting of an experiment. Where it names a file, it was meant from the folder of the
// specification, and another one is to have it: so it becomes absolute, as the experiment has it.
std::string OptionLine(const Setting& setting, const std::vector<OptionDescription>& options) {
  const auto option = std::ranges::find(options, setting.name, &OptionDescription::name);
  const bool is_text = std::holds_alternative<std::string>(setting.value);
  if (!is_text || option == options.end()) return Line(setting, setting.name);
  return fmt::format("{} = {}\n", setting.name, option->default_value);
}

// Of [compare], with this config and these seeds.
std::string CompareSection(const TuneSpec& spec, const fs::path& folder) {
  const fs::path config = fs::absolute(spec.compare.config).lexically_normal();
  const fs::path from = fs::absolute(folder).lexically_normal();
  std::string text =
      fmt::format("[compare]\nconfig = {}\n", TomlText(config.lexically_relative(from).string()));
  for (const Setting& setting : spec.compare.compare.all()) {
    const std::string name = setting.name.substr(setting.name.find('.') + 1);
    if (name != "config" && name != "tuned_seeds") text += Line(setting, name);
  }
  return text + fmt::format("tuned_seeds = {}\n", TomlText(spec.compare.tuned_seeds));
}

}  // namespace

std::string ChosenSpec(const TuneSpec& spec, const TuneResult& result, const fs::path& folder) {
  std::string text = fmt::format(
      "# Written by anole tune from {}. Options that it tried are the best of {} trials of up to\n"
      "# {} environment steps, by validation tasks and the tuning seeds below.\n",
      spec.path.filename().string(), spec.rungs.front().trials, spec.rungs.back().env_steps);
  text += CompareSection(spec, folder);
  const std::vector<OptionDescription> common =
      Experiment(spec.compare.methods.front().settings).Options();
  if (!spec.compare.common.empty()) text += "\n[all]\n";
  for (const Setting& setting : spec.compare.common) text += OptionLine(setting, common);
  for (std::size_t i = 0; i < spec.methods.size(); ++i) {
    const compare::Method& method = spec.compare.methods[i];
    const MethodOutcome& outcome = result.methods[i];
    std::vector<Setting> chosen;
    if (outcome.has_best()) chosen = spec.methods[i].trials[outcome.ranking.front()].choices;
    text += fmt::format("\n[method.{}]\n", method.name);
    const std::vector<OptionDescription> options = Experiment(method.settings).Options();
    for (const Setting& setting : method.written) {
      if (std::ranges::count(chosen, setting.name, &Setting::name) > 0) continue;
      text += OptionLine(setting, options);
    }
    if (chosen.empty()) continue;
    text += fmt::format("# trial {}\n", outcome.ranking.front() + 1);
    const std::vector<OptionDescription> best =
        Experiment(spec.methods[i].trials[outcome.ranking.front()].settings).Options();
    for (const Setting& setting : chosen) text += OptionLine(setting, best);
  }
  return text;
}

}  // namespace anole::tune
