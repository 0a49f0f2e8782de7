// A run's folder of a stranger's: the zoo's smallest run, with the files of the input in the place
// of its own; opened, drawn, and read as an entry of the zoo.
#include <array>

#include "tests/fuzz/harness.h"
#include "tools/report/plot/groups.h"
#include "tools/report/zoo/entry.h"
#include "tools/run/divergence.h"
#include "tools/run/run.h"
#include "tools/run/run_task.h"

namespace anole::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEntryOfRunFolder = ANOLE_SOURCE_DIR "/configs/zoo/linear-regression";
constexpr std::array kFilesOfRunFolder = {"config.toml",
                                          "expected.json",
                                          "meta.json",
                                          "metrics.csv",
                                          "metrics.jsonl",
                                          "command.txt",
                                          "lock",
                                          "eval/test.json",
                                          "task/files.txt",
                                          "checkpoints/step_000100/state.safetensors",
                                          "checkpoints/step_000200/state.safetensors"};

void FuzzRunFolder(std::string_view input) {
  const fs::path run = Folder() / "run-1";
  fs::remove_all(run);
  fs::copy(kEntryOfRunFolder, run, fs::copy_options::recursive);
  const std::map<std::string, std::string> files = FilesOf(input);
  for (const char* name : kFilesOfRunFolder) {
    if (files.contains(name)) Write(std::string("run-1/") + name, files.at(name));
  }
  Accept([&] {
    const RunDirectory directory = RunDirectory::Open(run);
    ReadDivergence(directory);
    ChangedTaskFiles(run);
    AddedTaskFile(run);
    directory.checkpoints().Find("best");
  });
  Accept([&] { anole::Run::Open(run); });
  Accept([&] { plot::ReadGroups({run.string()}); });
  Accept([&] {
    const zoo::Entry entry = zoo::ReadEntry(run);
    zoo::EntryText(entry);
    entry.Expected();
  });
}

const RegisterHarness registration("run_folder", {FuzzRunFolder});

}  // namespace
}  // namespace anole::fuzz
