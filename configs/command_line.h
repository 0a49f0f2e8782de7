// The command line of one command: its arguments, its own flags, and --section.option=value for
// every option of a config.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "configs/lister.h"
#include "configs/settings.h"

namespace anole {

struct Flag {
  std::string name;      // without the dashes: "run-dir"
  std::string argument;  // what --help calls its value: "DIR"; empty: a switch
  std::string help;
};

struct CommandLine {
  std::vector<std::string> positionals;
  std::map<std::string, std::string, std::less<>> flags;      // name -> value, "" for a switch
  std::vector<std::pair<std::string, std::string>> settings;  // name -> text, as typed, in order

  bool Has(std::string_view flag) const;
  std::optional<std::string> Get(std::string_view flag) const;

  // Bounds are inclusive; a value out of them is the user's error.
  std::optional<std::int64_t> Integer(
      std::string_view flag, std::int64_t min = std::numeric_limits<std::int64_t>::min(),
      std::int64_t max = std::numeric_limits<std::int64_t>::max()) const;
  std::optional<double> Number(std::string_view flag,
                               double min = -std::numeric_limits<double>::infinity(),
                               double max = std::numeric_limits<double>::infinity()) const;

  // What the command line says about options overrides what the file says.
  void ApplyTo(Settings& settings_of_file) const;
};

// The end of the message about an option that nobody knows: it may say more than `suggestion`, the
// nearest known names.
using ExplainUnknown =
    std::function<std::string(std::string_view typed, const std::string& suggestion)>;

// `args` are the words after the command's name. Values may be negative: "--task.range -2,2".
// Flags have no short forms but -h, which stands for --help where there is one.
CommandLine ParseCommandLine(const std::vector<std::string>& args, const std::vector<Flag>& flags,
                             const std::vector<OptionDescription>& options,
                             std::size_t max_positionals, const ExplainUnknown& explain = {});

}  // namespace anole
