#include "tools/export/check/onnx_policy.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "configs/text_file.h"
#include "tools/run/files/scratch_folder.h"
#include "tools/run/shell_text.h"

namespace anole::exports {
namespace {

namespace fs = std::filesystem;

constexpr int kNoRuntime = 77;

// MODEL INPUT OUTPUT SIZE: rows of float32 in and out, the time of an action on standard output.
constexpr const char* kScript = R"(
import sys, time
try:
    import numpy, onnxruntime
except ImportError:
    sys.exit(77)
model, given, made, size = sys.argv[1:]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
rows = numpy.fromfile(given, numpy.float32).reshape(-1, int(size))
memory = {i.name: numpy.zeros((1, i.shape[1]), numpy.float32)
          for i in session.get_inputs() if i.name == "state"}
if memory:
    means = []
    for row in rows:
        mean, memory["state"] = session.run(["mean", "next_state"],
                                            {"observation": row[None], **memory})
        means.append(mean[0])
    numpy.array(means).tofile(made)
else:
    session.run(["mean"], {"observation": rows})[0].tofile(made)
single = rows[:1]
start = time.perf_counter()
for _ in range(2000):
    session.run(["mean"], {"observation": single, **memory})
print((time.perf_counter() - start) / 2000)
)";

}  // namespace

std::optional<OnnxActions> RunOnnx(const fs::path& file, MatrixIn observations,
                                   Eigen::Index action_dim) {
  const ScratchFolder folder;
  const fs::path given = folder.path() / "given", made = folder.path() / "made",
                 script = folder.path() / "script.py", told = folder.path() / "told",
                 log = folder.path() / "log";
  const Eigen::MatrixXf floats = observations.cast<float>();
  std::ofstream(given, std::ios::binary)
      .write(reinterpret_cast<const char*>(floats.data()),
             static_cast<std::streamsize>(static_cast<std::size_t>(floats.size()) * sizeof(float)));
  std::ofstream(script) << kScript;
  const std::string command = fmt::format("python3 {} {} {} {} {} >{} 2>{}", ShellPath(script),
                                          ShellPath(file), ShellPath(given), ShellPath(made),
                                          floats.rows(), ShellPath(told), ShellPath(log));
  // NOLINTNEXTLINE(bugprone-command-processor): its words are quoted
  const int status = WEXITSTATUS(std::system(command.c_str()));
  if (status == kNoRuntime || status == 127) return {};
  if (status != 0) {
    std::ifstream messages(log);
    std::string line, last;
    while (std::getline(messages, line)) last = line;
    throw std::runtime_error(fmt::format("{}: ONNX Runtime: {}", file.string(), last));
  }
  Eigen::MatrixXf actions(action_dim, floats.cols());
  const auto bytes =
      static_cast<std::streamsize>(static_cast<std::size_t>(actions.size()) * sizeof(float));
  std::ifstream output(made, std::ios::binary);
  if (!output.read(reinterpret_cast<char*>(actions.data()), bytes)) {
    throw std::runtime_error(file.string() + ": ONNX Runtime gives too few numbers");
  }
  OnnxActions result{.actions = actions.cast<double>()};
  std::istringstream(ReadTextFile(told, 1 << 10, "what Python says")) >> result.seconds_per_action;
  return result;
}

}  // namespace anole::exports
