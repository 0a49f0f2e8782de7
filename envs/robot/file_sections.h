// The sections of a robot's task file, and how one is read: each mistake is told with its place.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "configs/lister.h"
#include "configs/option.h"
#include "configs/settings.h"
#include "configs/user_error.h"

namespace anole {

// By their names, in the order of the file.
class FileSections {
 public:
  // Throws UserError where the file cannot be read, has a section that no task file has, or lacks
  // one that all have.
  explicit FileSections(const std::filesystem::path& file);

  std::vector<const FileSection*> Named(const std::string& name) const;

 private:
  std::vector<FileSection> all_;
};

// Runs `build`; its OptionErrors get the place in the file.
template <class Build>
auto At(const FileSection& section, const Build& build) {
  try {
    return build();
  } catch (const OptionError& error) {
    const Setting* setting = section.settings.Find(error.option());
    throw UserError(
        (setting != nullptr ? setting->Where() : section.origin + ": " + error.option()) + ": " +
        error.problem());
  }
}

// all: the options that the section may have, those that do not apply here as well.
void ReadSection(const FileSection& section, const std::function<void(OptionSource&)>& describe,
                 const std::vector<OptionDescription>& all);

// Of a section all of whose options are known beforehand.
template <class Options>
Options ReadOptions(const FileSection& section) {
  Options options;
  OptionLister lister;
  Options::Describe({options, lister});
  ReadSection(
      section, [&](OptionSource& source) { Options::Describe({options, source}); },
      lister.options());
  return options;
}

// Reads an entry and the options of what it chooses by its `choice`, ready to be made.
template <class Choices, class Entry>
std::unique_ptr<typename Choices::Maker> ReadChoice(const FileSection& section,
                                                    std::string Entry::* choice, Entry& entry) {
  OptionLister lister;
  Entry::Describe({entry, lister});
  for (const auto& [name, chosen] : Choices::entries()) {
    lister.set_owner(name);
    chosen.maker()->Describe(lister);
  }
  std::unique_ptr<typename Choices::Maker> maker;
  const auto describe = [&](OptionSource& source) {
    Entry::Describe({entry, source});
    maker = Choices::NewMaker(entry.*choice);
    maker->Describe(source);
  };
  ReadSection(section, describe, lister.options());
  return maker;
}

}  // namespace anole
