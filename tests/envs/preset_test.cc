// The presets of all families, beside the table of envs/README.md that says what they set.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "configs/lister.h"
#include "configs/reader.h"
#include "configs/settings.h"
#include "configs/writer.h"
#include "envs/task_family.h"
#include "tests/configs/error_of.h"

namespace anole {
namespace {

// A row of the table.
struct Row {
  std::string family, preset, options;
};

std::vector<Row> Table() {
  std::ifstream file(std::filesystem::path(ANOLE_SOURCE_DIR) / "envs/README.md");
  std::string line;
  while (std::getline(file, line) && !line.starts_with("| family | preset |")) {
  }
  std::getline(file, line);  // the rule
  std::vector<Row> rows;
  while (std::getline(file, line) && line.starts_with("| ")) {
    std::erase(line, '`');
    std::istringstream cells(line);
    Row row;
    cells.ignore(2) >> row.family;
    cells.ignore(2) >> row.preset;
    std::erase(row.preset, ',');            // before "the default"
    std::getline(cells, row.options, '|');  // and that
    std::getline(cells, row.options, '|');
    rows.push_back(row);
  }
  return rows;
}

std::unique_ptr<TaskFamilies::Maker> Read(const std::string& family, const std::string& toml) {
  const Settings settings = Settings::FromText(toml, "test");
  SettingsReader reader(settings);
  auto maker = TaskFamilies::NewMaker(family);
  maker->Describe(reader);
  reader.RejectUnknown({});
  return maker;
}

std::map<std::string, std::string> Options(const std::string& family, const std::string& task) {
  OptionLister lister("", OptionLister::Which::kApplying);
  Read(family, "task = {" + task + "}")->Describe(lister);
  std::map<std::string, std::string> options;
  for (const OptionDescription& option : lister.options()) {
    if (option.name != "task.preset") options[option.name] = option.default_value;
  }
  return options;
}

TEST(Preset, SetsWhatTheReadmeSays) {
  for (const Row& row : Table()) {
    EXPECT_EQ(Options(row.family, "preset = \"" + row.preset + "\""),
              Options(row.family, row.options))
        << row.family << ", " << row.preset;
  }
}

TEST(Preset, TheReadmeKnowsAll) {
  std::set<std::pair<std::string, std::string>> told, known;
  for (const Row& row : Table()) told.emplace(row.family, row.preset);
  for (const std::string& family : TaskFamilies::names()) {
    OptionLister lister;
    TaskFamilies::NewMaker(family)->Describe(lister);
    for (const OptionDescription& option : lister.options()) {
      if (option.name != "task.preset") continue;
      for (const std::string& preset : option.choices) known.emplace(family, preset);
    }
  }
  EXPECT_EQ(told, known);
}

TEST(Preset, AnOptionThatIsGivenOverridesIt) {
  for (const std::string task :
       {R"(preset = "maml", range = [1, 2])", R"(range = [1, 2], preset = "maml")"}) {
    EXPECT_EQ(Options("cheetah-velocity", task).at("task.range"), "[1.0, 2.0]");
  }
  // Also by what it would be without the preset.
  EXPECT_EQ(Options("cheetah-velocity", R"(preset = "maml", range = [0, 3])").at("task.range"),
            "[0.0, 3.0]");
  auto options = Options("ant-direction", R"(preset = "maml_rl", contact_forces = false)");
  EXPECT_FALSE(options.contains("task.contact_cost"));
  EXPECT_EQ(options.at("task.alive_bonus"), "0.05");
}

TEST(Preset, AStoredConfigReadsBack) {
  const auto stored = [](const std::string& family, const std::string& toml) {
    TomlWriter writer;
    Read(family, toml)->Describe(writer);
    return writer.text();
  };
  for (const Row& row : Table()) {
    const std::string text =
        stored(row.family, "task = {preset = \"" + row.preset + "\", control_cost = 7}");
    EXPECT_NE(text.find("control_cost = 7.0"), std::string::npos);
    EXPECT_EQ(stored(row.family, text), text);
  }
}

TEST(Preset, OthersAreRefused) {
  const std::string error = ErrorOf([] { Read("cheetah-velocity", "task = {preset = \"perl\"}"); });
  EXPECT_NE(error.find("one of pearl, maml, signed; did you mean 'pearl'?"), std::string::npos)
      << error;
}

}  // namespace
}  // namespace anole
