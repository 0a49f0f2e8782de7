#include "tools/app/advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include "configs/suggest.h"
#include "configs/user_error.h"
#include "tools/app/file_kind.h"
#include "tools/app/synonyms.h"
#include "tools/run/run_directory.h"
#include "tools/run/run_files.h"
#include "tools/run/shell_text.h"

namespace anole::app {
namespace {

namespace fs = std::filesystem;

bool HasFlag(const Command& command, std::string_view name) {
  return std::ranges::count(command.flags, name, &Flag::name) > 0;
}

// Whether everything that a text tells to type can be typed here.
bool IsPossible(const Command& command, std::string_view text) {
  return std::ranges::all_of(OptionsNamedIn(text), [&](const std::string& option) {
    const std::string name = option.substr(2);
    return name.find('.') == std::string::npos ? HasFlag(command, name) : command.takes_options;
  });
}

// "`anole adapt` and `anole render` have it"; "" where no other command has a flag of this name.
std::string OwnersOf(std::string_view typed, const Command& command,
                     std::span<const Command* const> all) {
  typed.remove_prefix(std::min(typed.find_first_not_of('-'), typed.size()));
  std::vector<std::string> owners;
  for (const Command* other : all) {
    if (other->name != command.name && HasFlag(*other, typed)) owners.push_back(other->name);
  }
  std::string text;
  for (const std::string& owner : owners) {
    const bool is_last = owner == owners.back();
    text += fmt::format("{}`anole {}`", text.empty() ? "" : is_last ? " and " : ", ", owner);
  }
  return text.empty() ? "" : text + (owners.size() == 1 ? " has it" : " have it");
}

std::string Type(const std::string& command, const fs::path& path, const std::string& rest = "") {
  return fmt::format("{} {} {}{}", ProgramName(), command, ShellPath(path), rest);
}

// What to do with a file or folder of a kind, whatever a command wanted.
std::string UseOf(FileKind kind, const fs::path& path) {
  switch (kind) {
    case FileKind::kConfig:
      return "is a config; train it with: " + Type("train", path);
    case FileKind::kTaskFile:
      return "is the task file of a robot; try it with: " + Type("check", path);
    case FileKind::kComparison:
      return "is a comparison; run it with: " + Type("compare", path);
    case FileKind::kTuning:
      return "is a comparison that is to be tuned; do so with: " + Type("tune", path);
    case FileKind::kModel:
      return fmt::format(
          "is the model of a robot; a task file makes a task of it, with model = \"{}\" below "
          "[robot]; what else it may say: {} check --reference",
          path.filename().string(), ProgramName());
    case FileKind::kParameters:
    case FileKind::kCheckpoint:
      return "holds parameters; look at them with: " + Type("info", path);
    case FileKind::kRun:
      return "is a run; look at it with: " + Type("info", path);
    case FileKind::kSweep:
      return "is the folder of a comparison; draw it with: " +
             Type("plot", path, " --out FILE.svg");
    case FileKind::kOther:
      break;
  }
  return "";
}

std::string InsteadOfConfig(FileKind kind, const fs::path& path) {
  switch (kind) {
    case FileKind::kTaskFile:
      return fmt::format(
          R"({}; a config trains it, with family = "robot" and file = "{}" below [task])",
          UseOf(kind, path), path.string());
    case FileKind::kRun:
      return "is a run; go on with: " + Type("train --resume", path);
    case FileKind::kCheckpoint:
      if (const fs::path run = RunOf(path); !run.empty()) {
        return "is a checkpoint; go on with its run: " + Type("train --resume", run);
      }
      return UseOf(kind, path);
    case FileKind::kParameters:
      return "holds parameters; a config starts from them with --run.initial=" + ShellPath(path);
    case FileKind::kSweep:
      return "is the folder of a comparison; the same `anole compare` goes on with it";
    default:
      return UseOf(kind, path);
  }
}

std::string InsteadOfRun(FileKind kind, const fs::path& path, const Command& command,
                         bool resumes) {
  const std::string typed = resumes ? command.name + " --resume" : command.name;
  const fs::path run = RunOf(path);
  switch (kind) {
    case FileKind::kConfig:
      if (path.filename() == kConfigFile && !run.empty()) {
        return "is the config of a run; give its folder: " + Type(typed, run);
      }
      return "is a config, no run; first train it: " + Type("train", path);
    case FileKind::kComparison:
      return "is a comparison; train and evaluate its methods with: " + Type("compare", path);
    case FileKind::kParameters:
    case FileKind::kCheckpoint: {
      if (!HasFlag(command, "theta")) {
        return run.empty() ? UseOf(kind, path)
                           : "is a part of a run; give its folder: " + Type(typed, run);
      }
      const fs::path file = kind == FileKind::kCheckpoint ? path / kStateFile : path;
      const std::string rest = " --theta " + ShellPath(file);
      return "holds parameters; give the folder of the run as well: " +
             (run.empty() ? fmt::format("{} {} RUN{}", ProgramName(), typed, rest)
                          : Type(typed, run, rest));
    }
    case FileKind::kSweep: {
      std::error_code ignored;
      std::vector<fs::path> runs;
      for (const auto& entry : fs::directory_iterator(path, ignored)) {
        if (RunDirectory::IsOne(entry.path())) runs.push_back(entry.path());
      }
      if (runs.empty()) return UseOf(kind, path);
      return "is a folder of runs; give one of them: " + Type(typed, std::ranges::min(runs));
    }
    default:
      return UseOf(kind, path);
  }
}

// The run in runs/ that was probably meant by a name that is no folder, or "".
fs::path RunMeant(const fs::path& path) {
  std::error_code ignored;
  std::vector<std::string> known;
  for (const auto& entry : fs::directory_iterator("runs", ignored)) {
    if (RunDirectory::IsOne(entry.path())) known.push_back(entry.path().filename().string());
  }
  std::ranges::sort(known);
  const std::string name = path.filename().string();
  const bool exact = std::ranges::count(known, name) > 0;
  const std::string nearest = exact ? name : Nearest(name, known);
  return nearest.empty() ? fs::path() : fs::path("runs") / nearest;
}

std::string Instead(const Command& command, Takes takes, FileKind kind, const fs::path& path,
                    bool resumes) {
  switch (takes) {
    case Takes::kConfig:
      return kind == FileKind::kConfig ? "" : InsteadOfConfig(kind, path);
    case Takes::kTaskFile:
      return kind == FileKind::kTaskFile ? "" : UseOf(kind, path);
    case Takes::kConfigOrTaskFile:
      return kind == FileKind::kConfig || kind == FileKind::kTaskFile ? "" : UseOf(kind, path);
    case Takes::kComparison:
      return kind == FileKind::kComparison ? "" : UseOf(kind, path);
    case Takes::kTuning:
      if (kind == FileKind::kComparison) {
        return "is a comparison without [tune]; run it with: " + Type("compare", path);
      }
      return kind == FileKind::kTuning ? "" : UseOf(kind, path);
    case Takes::kRun:
      return kind == FileKind::kRun ? "" : InsteadOfRun(kind, path, command, resumes);
    case Takes::kRunOrSweep:
      return kind == FileKind::kRun || kind == FileKind::kSweep
                 ? ""
                 : InsteadOfRun(kind, path, command, resumes);
    case Takes::kRunOrParameters:
      return kind == FileKind::kRun || kind == FileKind::kParameters ||
                     kind == FileKind::kCheckpoint
                 ? ""
                 : InsteadOfRun(kind, path, command, resumes);
    case Takes::kRunThenFiles:
    case Takes::kNoFile:
      break;
  }
  return "";
}

void CheckArgument(const Command& command, Takes takes, const fs::path& path, bool resumes) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    const bool wants_run = takes == Takes::kRun || takes == Takes::kRunOrSweep;
    const fs::path meant = wants_run ? RunMeant(path) : fs::path();
    if (meant.empty()) return;
    throw UserError(path.string() + ": no such run directory; did you mean " + ShellPath(meant) +
                    "?");
  }
  const std::string instead = Instead(command, takes, KindOf(path), path, resumes);
  if (!instead.empty()) throw UserError(path.string() + ": " + instead);
}

}  // namespace

std::string AdviceOnOption(const Command& command, std::span<const Command* const> all,
                           std::string_view typed, const std::string& suggestion) {
  const std::string_view meaning = MeaningOf(typed);
  if (!meaning.empty() && IsPossible(command, meaning)) return fmt::format("; {}", meaning);
  const std::string owners = OwnersOf(typed, command, all);
  if (owners.empty()) return suggestion;
  return (suggestion.starts_with("; did you mean") ? suggestion + " " : "; ") + owners;
}

void CheckArguments(const Command& command, const CommandLine& line) try {
  if (const auto run = line.Get("resume")) CheckArgument(command, Takes::kRun, *run, true);
  if (command.takes == Takes::kRunThenFiles) {
    if (!line.positionals.empty()) {
      CheckArgument(command, Takes::kRun, line.positionals.front(), false);
    }
    return;
  }
  for (const std::string& argument : line.positionals) {
    CheckArgument(command, command.takes, argument, false);
  }
} catch (const fs::filesystem_error&) {
  // What may not even be looked at, the command itself will say.
}

}  // namespace anole::app
