// What a file or folder is, as a user would call it, by what it holds.
#pragma once

#include <filesystem>
#include <string>

namespace anole::app {

enum class FileKind {
  kConfig,      // TOML: an experiment
  kTaskFile,    // TOML: the task of a robot
  kComparison,  // TOML: methods of `anole compare`
  kTuning,      // TOML: a comparison with what `anole tune` tries
  kModel,       // XML: a robot as MuJoCo reads it
  kParameters,  // safetensors
  kRun,         // a folder
  kSweep,       // a folder of runs and results.json
  kCheckpoint,  // a folder with parameters
  kOther,       // anything else, or nothing
};

FileKind KindOf(const std::filesystem::path& path);

// The run in which a file or folder lies, its config or a checkpoint for instance; empty: in none.
std::filesystem::path RunOf(const std::filesystem::path& path);

}  // namespace anole::app
