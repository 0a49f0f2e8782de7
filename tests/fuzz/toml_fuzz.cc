// TOML text: files of options, of sections that repeat, and values on the command line.
#include "configs/settings.h"
#include "configs/typed_value.h"
#include "tests/fuzz/harness.h"

namespace anole::fuzz {
namespace {

void FuzzToml(std::string_view input) {
  for (const Depth depth : {Depth::kSections, Depth::kAny}) {
    Accept([&] {
      const Settings settings = Settings::FromText(input, "file.toml", depth);
      // What is stored of the values reads back as the same.
      std::string stored = "[a]\n";
      for (std::size_t i = 0; i < settings.all().size(); ++i) {
        Require(!settings.all()[i].Where().empty(), "nothing tells where a value is");
        stored += "b" + std::to_string(i) + " = " + ValueText(settings.all()[i].value) + "\n";
      }
      const Settings again = Settings::FromText(stored, "again.toml", depth);
      for (std::size_t i = 0; i < settings.all().size(); ++i) {
        const std::string text = ValueText(settings.all()[i].value);
        const Setting* const setting = again.Find("a.b" + std::to_string(i));
        Require(setting != nullptr && ValueText(setting->value) == text,
                "does not read back: " + text);
      }
      const Setting* const model = settings.Find("robot.model");
      if (depth == Depth::kSections && model != nullptr &&
          std::holds_alternative<std::string>(model->value)) {
        Settings::WithValue(std::string(input), "file.toml", {"robot"}, "model",
                            "a \"b\"\n\xC3\xA4");
      }
    });
  }
  const std::filesystem::path file = Write("file.toml", input);
  Accept([&] { Settings::SectionsOfFile(file); });
  Settings::SectionNames(file);
  Accept([&] { TypedValue(std::string(input), "--option"); });
}

const RegisterHarness registration("toml", {FuzzToml});

}  // namespace
}  // namespace anole::fuzz
