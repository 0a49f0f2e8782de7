// A run's directory: its config, its metrics and its checkpoints.
//
//   config.toml                          resolved options; trains the same run again as it is
//   metrics.csv                          a row for each meta-iteration
//   checkpoints/step_000100/state.safetensors
//   eval/, videos/                       what a person made of the run; replaced together with it
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "agents/inner_loop.h"

namespace anole {

// Writes a file that is either whole or not there, whenever the machine stops, with the folders on
// the way to it. Throws std::filesystem::filesystem_error where it cannot.
void WriteWholeFile(const std::filesystem::path& path, const std::string& text);

class RunDirectory {
 public:
  // A new directory. Throws UserError where there is something already, unless it is a run
  // directory that may be overwritten and holds nothing but the run. Where it fails, it takes back
  // the folders that it made.
  static RunDirectory Create(const std::filesystem::path& path, bool overwrite,
                             const std::string& config);
  // Whether Create would succeed; throws what it would throw and touches nothing.
  static void CheckCreate(const std::filesystem::path& path, bool overwrite);

  static bool IsOne(const std::filesystem::path& path);
  // An existing one. Throws UserError where `path` is none.
  static RunDirectory Open(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path config() const;
  std::filesystem::path metrics() const;

  // Parameter files, oldest first.
  std::vector<std::filesystem::path> Checkpoints() const;
  // The newest one. Throws UserError where there is none.
  std::filesystem::path LatestCheckpoint() const;

  // Writes a checkpoint that is either whole or not there, whenever the machine stops.
  void WriteCheckpoint(const MetaState& state, const Layout& layout) const;

  void WriteConfig(const std::string& config) const;

 private:
  explicit RunDirectory(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
};

}  // namespace anole
