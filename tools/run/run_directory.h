// A run's directory: what is trained, how it went, and its checkpoints.
//
//   config.toml                      resolved options; trains the same run again as it is
//   command.txt                      how it was started, and gone on with
//   meta.json                        by which program, on which machine, when, and how it ended
//   metrics.csv, metrics.jsonl       a row for each meta-iteration
//   events.out.tfevents.*            the same for TensorBoard
//   log.txt                          what the program told
//   checkpoints/                     see checkpoints.h
//   task/                            files that its task comes from, if any, see run_task.h
//   lock                             of the process that trains it
//   eval/, videos/                   what a person made of the run; replaced together with it
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "configs/option.h"
#include "tools/run/checkpoints.h"
#include "tools/run/run_files.h"
#include "tools/run/run_lock.h"

namespace anole {

class RunDirectory {
 public:
  // A new directory, locked. Throws UserError where there is something already, unless it is a run
  // directory that may be overwritten and holds nothing but the run, or one without a checkpoint.
  // Where it fails, it takes back the folders that it made. task: what it is to keep of the files
  // that its task comes from, see run_task.h; may be null.
  static RunDirectory Create(const std::filesystem::path& path, bool overwrite,
                             const std::string& config, const KeptFiles* task);
  // Whether Create would succeed; throws what it would throw and touches nothing.
  static void CheckCreate(const std::filesystem::path& path, bool overwrite);

  static bool IsOne(const std::filesystem::path& path);
  // The run that writes `file` itself, by its place and name. What a person made of a run, and
  // files of other names in its folder, are nobody's.
  static std::optional<std::filesystem::path> Owner(const std::filesystem::path& file);
  // An existing one, to read. Throws UserError where `path` is none, or where something in it is a
  // link out of it, or no ordinary file: it may be a stranger's.
  static RunDirectory Open(const std::filesystem::path& path);
  // An existing one, locked. Throws UserError also where another process trains it, or where it
  // cannot be written to.
  static RunDirectory OpenToTrain(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  std::string name() const;  // of the folder: "quickstart-1"
  std::filesystem::path config() const { return path_ / kConfigFile; }
  std::filesystem::path metrics() const { return path_ / kMetricsFile; }
  std::filesystem::path metrics_json() const { return path_ / kMetricsJsonFile; }
  std::filesystem::path log() const { return path_ / kLogFile; }
  std::filesystem::path meta() const { return path_ / kMetaFile; }
  Checkpoints checkpoints() const { return Checkpoints(path_ / kCheckpointsFolder); }

  void WriteConfig(const std::string& config) const;
  // Of one that is locked: puts a copy of the files that the task comes from into the place of what
  // is there. Throws std::filesystem::filesystem_error.
  void ReplaceTask(const KeptFiles& task) const;

  // Of one that is locked: where its folder is now, if it was moved since; "": it was removed.
  std::optional<std::filesystem::path> Moved() const;

 private:
  explicit RunDirectory(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
  std::optional<RunLock> lock_;
};

}  // namespace anole
