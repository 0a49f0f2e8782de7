// What the files of a run directory are called.
#pragma once

#include <string_view>

namespace anole {

inline constexpr const char *kConfigFile = "config.toml", *kCommandFile = "command.txt",
                            *kMetaFile = "meta.json", *kMetricsFile = "metrics.csv",
                            *kMetricsJsonFile = "metrics.jsonl", *kLogFile = "log.txt",
                            *kLockFile = "lock", *kCheckpointsFolder = "checkpoints",
                            *kStateFile = "state.safetensors",  // in a checkpoint's folder
                                *kEvaluationsFolder = "eval", *kVideosFolder = "videos",
                            *kTaskFolder = "task";  // see run_task.h
inline constexpr std::string_view kEventsPrefix = "events.out.tfevents.";

}  // namespace anole
