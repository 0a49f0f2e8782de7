#include "configs/command_line.h"

#include <boost/program_options.hpp>
#include <filesystem>
#include <set>
#include <system_error>

#include "configs/excerpt.h"
#include "configs/reader.h"
#include "configs/suggest.h"
#include "configs/user_error.h"

namespace anole {
namespace {

namespace po = boost::program_options;

constexpr std::size_t kLongestName = 100;  // of an option [bytes]

// What may be typed, and how it is asked for in messages.
class Vocabulary {
 public:
  Vocabulary(const std::vector<Flag>& flags, const std::vector<OptionDescription>& options,
             const ExplainUnknown& explain)
      : explain_(explain) {
    for (const Flag& flag : flags) Add(flag.name, flag.argument);
    for (const OptionDescription& option : options) Add(option.name, "VALUE");
  }

  const po::options_description& boost_description() const { return boost_description_; }
  bool Knows(const std::string& name) const { return argument_.contains(name); }
  bool IsSwitch(const std::string& name) const { return argument_.at(name).empty(); }

  std::string NeedsValue(const std::string& name) const {
    return "--" + name + " needs a value: --" + name + " " + argument_.at(name);
  }

  std::string Unknown(const std::string& typed) const {
    std::vector<std::string> known;
    for (const auto& [name, argument] : argument_) known.push_back("--" + name);
    std::string end = Suggestion(typed, known);
    if (explain_) end = explain_(typed, end);
    return "unknown option '" + Excerpt(typed) + "'" + end;
  }

 private:
  void Add(const std::string& name, const std::string& argument) {
    if (!argument_.emplace(name, argument).second) return;  // an option of several components
    if (argument.empty()) {
      boost_description_.add_options()(name.c_str(), "");
    } else {
      boost_description_.add_options()(name.c_str(), po::value<std::string>(), "");
    }
  }

  const ExplainUnknown& explain_;
  po::options_description boost_description_;
  std::map<std::string, std::string, std::less<>> argument_;  // name -> what its value is called
};

std::string WithoutDashes(const std::string& token) {
  return token.starts_with("--") ? token.substr(2) : token;
}

std::vector<po::option> Split(const std::vector<std::string>& args, const Vocabulary& vocabulary) {
  // No guessing: "--over" for --overwrite would break when an --overlap is added one day. No short
  // options: "-2,2" is a value.
  constexpr int kStyle = po::command_line_style::allow_long |
                         po::command_line_style::long_allow_adjacent |
                         po::command_line_style::long_allow_next;
  try {
    return po::command_line_parser(args)
        .options(vocabulary.boost_description())
        .style(kStyle)
        .allow_unregistered()  // so that the message about them is ours
        .run()
        .options;
  } catch (const po::error_with_option_name& error) {
    const std::string name = WithoutDashes(error.get_option_name());
    if (!vocabulary.Knows(name)) throw UserError(vocabulary.Unknown("--" + name));
    if (vocabulary.IsSwitch(name)) throw UserError("--" + name + " takes no value");
    throw UserError(vocabulary.NeedsValue(name));
  }
}

// "meta.iterations=5": an option whose dashes are missing, unless a file is called so.
void CheckDashes(const std::string& argument, const Vocabulary& vocabulary) {
  const std::size_t equals = argument.find('=');
  if (equals > kLongestName) return;  // or nowhere
  const std::string name = argument.substr(0, equals);
  std::error_code ignored;
  if (!vocabulary.Knows(name) || std::filesystem::exists(argument, ignored)) return;
  throw UserError("unexpected argument '" + Excerpt(argument) +
                  "'; an option begins with two dashes: --" + Excerpt(argument));
}

std::string Stray(const std::string& argument, std::size_t max_positionals) {
  return "unexpected argument '" + Excerpt(argument) + "'; this command takes " +
         (max_positionals == 0 ? "none" : "at most " + std::to_string(max_positionals));
}

// Flags obey the same rules, and are refused in the same words, as options.
Settings AsSettings(std::string_view flag, const std::string& text) {
  Settings settings;
  settings.Set(flag, text);
  return settings;
}

}  // namespace

bool CommandLine::Has(std::string_view flag) const { return flags.contains(flag); }

std::optional<std::string> CommandLine::Get(std::string_view flag) const {
  const auto found = flags.find(flag);
  return found == flags.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::int64_t> CommandLine::Integer(std::string_view flag, std::int64_t min,
                                                 std::int64_t max) const {
  const std::optional<std::string> text = Get(flag);
  if (!text) return std::nullopt;
  using Limits = std::numeric_limits<std::int64_t>;
  OptionInfo info{.help = ""};
  if (min != Limits::min()) info.min = static_cast<double>(min);
  if (max != Limits::max()) info.max = static_cast<double>(max);
  const Settings settings_of_flag = AsSettings(flag, *text);
  SettingsReader reader(settings_of_flag);
  std::int64_t value = 0;
  reader(flag, value, info);
  return value;
}

std::optional<double> CommandLine::Number(std::string_view flag, double min, double max) const {
  const std::optional<std::string> text = Get(flag);
  if (!text) return std::nullopt;
  const Settings settings_of_flag = AsSettings(flag, *text);
  SettingsReader reader(settings_of_flag);
  double value = 0;
  reader(flag, value, {.help = "", .min = min, .max = max});
  return value;
}

void CommandLine::ApplyTo(Settings& settings_of_file) const {
  for (const auto& [name, text] : settings) settings_of_file.Set(name, text);
}

CommandLine ParseCommandLine(const std::vector<std::string>& args, const std::vector<Flag>& flags,
                             const std::vector<OptionDescription>& options,
                             std::size_t max_positionals, const ExplainUnknown& explain) {
  const Vocabulary vocabulary(flags, options, explain);
  CommandLine line;
  std::set<std::string> given;
  for (const po::option& option : Split(args, vocabulary)) {
    const std::string& token = option.original_tokens.front();
    if (option.unregistered) throw UserError(vocabulary.Unknown(token.substr(0, token.find('='))));
    if (token == "-h" && vocabulary.Knows("help")) {
      line.flags.emplace("help", "");
      continue;
    }
    if (option.position_key >= 0) {
      if (token.size() > 1 && token.starts_with("-")) throw UserError(vocabulary.Unknown(token));
      CheckDashes(token, vocabulary);
      if (line.positionals.size() == max_positionals) {
        throw UserError(Stray(token, max_positionals));
      }
      line.positionals.push_back(token);
      continue;
    }
    const std::string& name = option.string_key;
    const std::string value = option.value.empty() ? "" : option.value.front();
    // Boost takes the next word, whatever it is: "--run-dir --overwrite".
    const bool took_next = option.original_tokens.size() > 1;
    if (took_next && value.starts_with("--")) throw UserError(vocabulary.NeedsValue(name));
    if (!given.insert(name).second) throw UserError("--" + name + " is given twice");
    if (name.find('.') == std::string::npos) {
      line.flags.emplace(name, value);
    } else {
      line.settings.emplace_back(name, value);
    }
  }
  return line;
}

}  // namespace anole
