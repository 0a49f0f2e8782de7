// anole list: what can be chosen in a config.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agents/control/control_facts.h"
#include "agents/supervised/supervised_loop.h"
#include "configs/reader.h"
#include "configs/suggest.h"
#include "configs/text_lines.h"
#include "configs/user_error.h"
#include "envs/recommended.h"
#include "tools/app/command.h"
#include "tools/export/export_format.h"
#include "tools/report/config_path.h"
#include "tools/run/experiment.h"
#include "tools/run/logs/metrics.h"

namespace anole::app {
namespace {

using Json = nlohmann::ordered_json;

template <class Registry>
Json Entries() {
  Json entries = Json::array();
  for (const auto& [name, entry] : Registry::entries()) {
    OptionLister lister;
    entry.maker()->Describe(lister);
    Json options = Json::array();
    for (const OptionDescription& option : lister.options()) options.push_back(option.name);
    entries.push_back({{"name", name}, {"summary", entry.summary}, {"options", options}});
    if (!Recommended(name).empty()) entries.back()["defaults"] = Recommended(name);
  }
  return entries;
}

template <class Registry>
void AddTaskParameters(Json& entries) {
  // Nothing is simulated, so no model need be rewritten: of all that a family does, that takes
  // longest.
  const Settings plain = Settings::FromText("task.model_rewrite = 'off'", "list");
  for (Json& entry : entries) {
    const auto maker = Registry::NewMaker(entry["name"].template get<std::string>());
    OptionLister lister;
    maker->Describe(lister);
    // What its tasks are depends on a file of the user's.
    if (std::ranges::any_of(lister.options(), &OptionDescription::required)) continue;
    SettingsReader reader(plain);
    maker->Describe(reader);
    const auto family = maker->Make();
    for (const NamedUnit& parameter : family->spec().task_parameters) {
      entry["task_parameters"].push_back({{"name", parameter.name}, {"unit", parameter.unit}});
    }
  }
}

Json OptionEntries() {
  Json entries = Json::array();
  for (const OptionDescription& option : Experiment::Catalogue()) {
    entries.push_back({{"name", option.name},
                       {"type", option.type},
                       {"default", option.default_value},
                       {"range", option.range},
                       {"unit", option.unit},
                       {"required", option.required},
                       {"choices", option.choices},
                       {"owner", option.owner},
                       {"condition", option.condition},
                       {"help", option.help}});
  }
  return entries;
}

void PrintOptions(const Json& options) {
  for (const Json& option : options) {
    const auto owner = option["owner"].get<std::string>();
    fmt::print("{} = {}{}\n", option["name"].get<std::string>(),
               option["default"].get<std::string>(), owner.empty() ? "" : "  # of " + owner);
  }
}

// "goal_x [m], goal_y [m]"
std::string ParametersText(const Json& parameters) {
  std::string text;
  for (const Json& parameter : parameters) {
    const std::string unit = parameter["unit"].get<std::string>();
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", parameter["name"].get<std::string>(),
                        unit.empty() ? "" : " [" + unit + "]");
  }
  return text;
}

void PrintEntry(const Json& entry) {
  constexpr std::size_t kIndent = 22, kFurther = kIndent + 2;
  fmt::print("{}", Beside("  " + entry["name"].get<std::string>(),
                          entry["summary"].get<std::string>(), kIndent));
  const Json defaults = entry.value("defaults", Json::object());  // lives as long as the loop
  for (const auto& [name, value] : defaults.items()) {
    fmt::print("{}", Beside("", fmt::format("{} = {} by default", name, value.get<std::string>()),
                            kFurther));
  }
  const std::string parameters = ParametersText(entry.value("task_parameters", Json::array()));
  if (!parameters.empty()) fmt::print("{}", Beside("", "a task is: " + parameters, kFurther));
}

// Of tasks that are rolled out and of those that are learned from data, each column once.
std::vector<Column> AllMetrics() {
  InnerLoopSpec control, supervised;
  control.score = "return";
  control.rolls_out = true;
  control.facts = ControlFacts();
  supervised.score = "loss";
  supervised.facts = SupervisedFacts();
  std::vector<Column> columns = MetricsColumns(control);
  for (Column& column : MetricsColumns(supervised)) {
    if (FindColumn(columns, column.name) == nullptr) columns.push_back(std::move(column));
  }
  return columns;
}

int ListMetrics(const CommandLine& line) {
  Json list = Json::array();
  for (const auto& [name, unit, help, per_update] : AllMetrics()) {
    list.push_back({{"name", name}, {"unit", unit}, {"help", help}});
    if (!line.Has("json")) {
      fmt::print("{}{}\n    {}\n", name, unit.empty() ? "" : " [" + unit + "]", help);
    }
  }
  if (line.Has("json")) fmt::print("{}\n", list.dump(2));
  return 0;
}

// Of `anole export`.
int ListFormats(const CommandLine& line) {
  Json list = Json::array();
  for (const auto& [name, format] : exports::ExportFormats()) {
    list.push_back({{"name", name}, {"summary", format.summary}});
    if (!line.Has("json")) PrintEntry(list.back());
  }
  if (line.Has("json")) fmt::print("{}\n", list.dump(2));
  return 0;
}

int ListConfigs(const CommandLine& line) {
  const std::vector<std::string> names = report::KnownConfigs();
  if (line.Has("json")) {
    fmt::print("{}\n", Json(names).dump(2));
  } else {
    fmt::print("{}\n", fmt::join(names, "\n"));
  }
  return 0;
}

// All that can be chosen, by the option that chooses it.
Json Components() {
  Json families = Entries<TaskFamilies>();
  AddTaskParameters<TaskFamilies>(families);
  Json data_families = Entries<DataFamilies>();
  AddTaskParameters<DataFamilies>(data_families);
  return {{"task.family", families},
          {"task.family (supervised)", data_families},
          {"inner.learner", Entries<InnerLearners>()},
          {"meta.gradient", Entries<MetaGradients>()},
          {"meta.optimizer", Entries<OuterOptimizers>()}};
}

// Those components that are called so: a name may be one of a learner and of an optimiser.
int ListComponent(const CommandLine& line, const std::string& name) {
  Json found = Json::object();
  std::vector<std::string> names = {"configs", "metrics", "formats"};
  bool is_family = false;
  const Json components = Components();
  for (const auto& [option, entries] : components.items()) {
    for (const Json& entry : entries) {
      names.push_back(entry["name"].get<std::string>());
      if (names.back() != name) continue;
      found[option].push_back(entry);
      is_family = is_family || option.starts_with("task.family");
    }
  }
  if (found.empty()) {
    throw UserError(name +
                    ": can be configs, metrics, formats, a name that `anole list` has, or "
                    "nothing" +
                    Suggestion(name, names));
  }
  if (line.Has("json")) {
    fmt::print("{}\n", found.dump(2));
    return 0;
  }
  for (const auto& [option, entries] : found.items()) {
    fmt::print("{}\n", option);
    for (const Json& entry : entries) PrintEntry(entry);
  }
  if (is_family) fmt::print("its options: `{} help train {}`\n", ProgramName(), name);
  return 0;
}

int RunList(const CommandLine& line) {
  if (!line.positionals.empty()) {
    const std::string& what = line.positionals.front();
    if (line.Has("options")) throw UserError("--options: is a list of its own, not of " + what);
    if (what == "configs") return ListConfigs(line);
    if (what == "metrics") return ListMetrics(line);
    if (what == "formats") return ListFormats(line);
    return ListComponent(line, what);
  }
  if (line.Has("options")) {
    const Json options = OptionEntries();
    if (line.Has("json")) {
      fmt::print("{}\n", options.dump(2));
    } else {
      PrintOptions(options);
    }
    return 0;
  }
  const Json all = Components();
  if (line.Has("json")) {
    fmt::print("{}\n", all.dump(2));
    return 0;
  }
  for (const auto& [option, entries] : all.items()) {
    fmt::print("{}\n", option);
    for (const Json& entry : entries) PrintEntry(entry);
  }
  return 0;
}

const RegisterCommand registration(
    {.place = 16,
     .name = "list",
     .usage = "anole list [configs|metrics|formats|NAME] [--options] [--json]",
     .summary = "Lists task families, inner learners, meta gradients and outer optimisers; or the "
                "configs that `anole train` finds by their names alone, the metrics of a run, the "
                "formats of `anole export`, or what is of one NAME, as a task family.",
     .flags = {{"options", "", "list every option of a config, its default and its owner, instead"},
               {"json", "", "print the list as JSON: of each its options, or of options all"}},
     .max_positionals = 1,
     .run = RunList});

}  // namespace
}  // namespace anole::app
