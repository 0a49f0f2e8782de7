// anole info: what a run or a file of parameters holds.
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "configs/user_error.h"
#include "meta/checkpoint.h"
#include "tools/command.h"
#include "tools/experiment.h"
#include "tools/run_directory.h"

namespace anole {
namespace {

using Json = nlohmann::ordered_json;

Json FileInfo(const std::filesystem::path& path) {
  const TensorFile file = ReadSafetensors(path);
  Json tensors = Json::array();
  for (const auto& [name, tensor] : file.tensors) {
    tensors.push_back({{"name", name}, {"shape", tensor.shape}});
  }
  Json info = {{"file", path.string()}, {"signature", Signature(file)}};
  for (const char* counter : {"iteration", "samples"}) {
    const auto* values = file.FindValues<std::int64_t>(counter);
    if (values != nullptr && values->size() == 1) info[counter] = values->front();
  }
  info["metadata"] = file.metadata;
  info["tensors"] = tensors;
  return info;
}

int RunInfo(const CommandLine& line) {
  const std::filesystem::path path = OnlyPositional(line, "RUN or FILE.safetensors");
  Json info;
  if (std::filesystem::is_directory(path)) {
    const RunDirectory directory = RunDirectory::Open(path);
    Experiment experiment(Settings::FromFile(directory.config()));
    info = {{"run", path.string()},
            {"family", experiment.family()},
            {"seed", experiment.run.seed},
            {"iterations", experiment.trainer.iterations},
            {"checkpoints", directory.Checkpoints().size()}};
    info.update(FileInfo(directory.LatestCheckpoint()));
  } else {
    info = FileInfo(path);
  }
  if (line.Has("json")) {
    fmt::print("{}\n", info.dump(2));
    return 0;
  }
  for (const auto& [key, value] : info.items()) {
    if (key == "tensors") continue;
    fmt::print("{:<12} {}\n", key, value.is_string() ? value.get<std::string>() : value.dump());
  }
  for (const Json& tensor : info["tensors"]) {
    fmt::print("  {:<28} {}\n", tensor["name"].get<std::string>(), tensor["shape"].dump());
  }
  return 0;
}

}  // namespace

const Command kInfoCommand = {
    .name = "info",
    .usage = "anole info RUN|FILE.safetensors [--json]",
    .summary =
        "Tells what a run or a file of parameters holds. Its signature is 64 bits that tell "
        "parameters apart.",
    .flags = {{"json", "", "print it as JSON"}},
    .max_positionals = 1,
    .run = RunInfo};

}  // namespace anole
