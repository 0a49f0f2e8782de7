#include "configs/settings.h"

#include <utility>

#include "configs/excerpt.h"
#include "configs/text_file.h"
#include "configs/toml_text.h"
#include "configs/typed_value.h"

namespace anole {
namespace {

constexpr std::uintmax_t kMaxBytes = 1'000'000;  // of a file that people write

}  // namespace

std::string ValueText(const SettingValue& value) {
  const auto text_of = [](const Number& number) {
    return std::visit([](auto n) { return TomlText(n); }, number);
  };
  if (const auto* number = std::get_if<Number>(&value)) return text_of(*number);
  if (const auto* boolean = std::get_if<bool>(&value)) return TomlText(*boolean);
  if (const auto* string = std::get_if<std::string>(&value)) return TomlText(*string);
  std::string list;
  const auto append = [&](const std::string& element) {
    list += (list.empty() ? "" : ", ") + element;
  };
  if (const auto* numbers = std::get_if<std::vector<Number>>(&value)) {
    for (const Number& number : *numbers) append(text_of(number));
  } else {
    for (const PlainValue& element : std::get<std::vector<PlainValue>>(value)) {
      append(std::visit([](const auto& of_any) { return ValueText(of_any); }, element));
    }
  }
  return "[" + list + "]";
}

std::string Setting::Where() const {
  return typed ? origin : origin + ": " + Excerpt(name) + " = " + Excerpt(ValueText(value));
}

std::string Settings::TextOfFile(const std::filesystem::path& path) {
  return ReadTextFile(path, kMaxBytes, "a TOML file");
}

Settings Settings::FromFile(const std::filesystem::path& path, Depth depth) {
  return FromText(TextOfFile(path), path.string(), depth);
}

void Settings::Set(std::string_view name, std::string_view text) {
  Setting setting{.name = std::string(name), .value = {}, .origin = {}, .typed = std::string(text)};
  setting.origin = "--" + Excerpt(setting.name) + "=" + Excerpt(*setting.typed);
  setting.value = TypedValue(*setting.typed, setting.origin);
  Set(std::move(setting));
}

void Settings::Set(Setting setting) {
  std::erase_if(settings_, [&](const Setting& old) { return old.name == setting.name; });
  settings_.push_back(std::move(setting));
}

void Settings::MakeOptional() {
  for (Setting& setting : settings_) setting.optional = true;
}

const Setting* Settings::Find(std::string_view name) const {
  for (const Setting& setting : settings_) {
    if (setting.name == name) return &setting;
  }
  return nullptr;
}

}  // namespace anole
