// What a comparison leaves beside its runs, and the score of a trial of a search.
#include "tests/fuzz/harness.h"
#include "tools/report/plot/groups.h"
#include "tools/report/tune/score.h"

namespace anole::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSpecOfSweep = R"([compare]
config = "../spec/linear-regression.toml"
env_steps = 4000
seeds = [1]
[tune]
trials = 2
env_steps = 4000
rungs = 1
seeds = [101]
tasks = 1
[method.reptile]
[method.reptile.space]
inner.step_size = [0.1, 0.3]
)";

void FuzzSweep(std::string_view input) {
  static const tune::TuneSpec kSpec = [] {
    Write("spec/linear-regression.toml",
          TextOf(ANOLE_SOURCE_DIR "/configs/linear-regression.toml"));
    const fs::path file = Write("sweep/spec.toml", kSpecOfSweep);
    fs::copy(ANOLE_SOURCE_DIR "/configs/zoo/linear-regression", Folder() / "sweep/reptile-1",
             fs::copy_options::recursive);
    return tune::ReadTuneSpec(file);
  }();
  std::map<std::string, std::string> files = FilesOf(input);
  Write("sweep/results.json", files[""]);
  Accept([&] { plot::ReadGroups({(Folder() / "sweep").string()}); });
  Write(tune::ScorePath("sweep", kSpec, {}).string(), files["score"]);
  Accept([&] { tune::ReadScore(Folder() / "sweep", kSpec, {}); });
}

const RegisterHarness registration("sweep", {FuzzSweep});

}  // namespace
}  // namespace anole::fuzz
