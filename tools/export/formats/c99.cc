// C99: anole_policy.h, anole_policy.c and anole_selfcheck.c, which act and learn on anything that
// has a C compiler.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>
#include <string_view>

#include "tools/export/c99/templates.h"
#include "tools/export/export_format.h"
#include "tools/export/recording.h"
#include "tools/run/files/durable_file.h"

namespace anole::exports {
namespace {

// A constant of type float that is read back as the same.
std::string CFloat(double number) {
  std::string text = fmt::format("{:.9g}", static_cast<float>(number));
  if (text.find_first_of(".e") == std::string::npos) text += '.';
  return text + 'f';
}

// A constant of type double.
std::string CDouble(double number) {
  std::string text = fmt::format("{}", number);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

// "{1.f, 2.f}", in lines.
std::string CArray(VectorIn numbers) {
  constexpr std::size_t kWidth = 96;
  std::string text = "{", line;
  for (Eigen::Index i = 0; i < numbers.size(); ++i) {
    const std::string number = CFloat(numbers[i]) + (i + 1 < numbers.size() ? ", " : "}");
    if (line.size() + number.size() > kWidth) {
      text += line + "\n  ";
      line.clear();
    }
    line += number;
  }
  return text + line;
}

std::string CTable(const std::string& name, VectorIn numbers) {
  return fmt::format("static const float {}[{}] = {};\n", name, numbers.size(), CArray(numbers));
}

// Of the matrix's columns.
std::string CColumns(const std::string& name, MatrixIn matrix) {
  std::string text =
      fmt::format("static const float {}[{}][{}] = {{\n", name, matrix.cols(), matrix.rows());
  for (Eigen::Index i = 0; i < matrix.cols(); ++i) text += "  " + CArray(matrix.col(i)) + ",\n";
  return text + "};\n";
}

template <class Numbers>
std::string CInts(const std::string& name, const Numbers& numbers) {
  return fmt::format("static const int {}[{}] = {{{}}};\n", name, std::size(numbers),
                     fmt::join(numbers, ", "));
}

std::string Define(const std::string& name, const std::string& value) {
  return fmt::format("#define ANOLE_{} {}\n", name, value);
}

std::string Define(const std::string& name, std::int64_t value) {
  return Define(name, std::to_string(value));
}

// The numbers of units, the inputs first.
std::vector<std::int64_t> SizesOf(const PolicyShape& shape) {
  std::vector<std::int64_t> sizes = {shape.network.inputs()};
  for (const LayerShape& layer : shape.network.layers) sizes.push_back(layer.outputs);
  return sizes;
}

std::string Constants(const ExportedPolicy& policy) {
  const EvaluationOptions& evaluation = policy.run->experiment().evaluation;
  return Define("OBSERVATIONS", policy.shape().observation_dim()) +
         Define("UNITS", policy.shape().gru.units) + Define("ACTIONS", policy.family().action_dim) +
         Define("PARAMETERS", policy.shape().size()) +
         Define("CONTROL_DT", CDouble(policy.family().control_dt) + " /* [s] */") +
         Define("ADAPTS", policy.learning ? 1 : 0) +
         Define("UPDATES", fmt::format("{} /* of an adaptation */", evaluation.updates)) +
         Define("EPISODES", fmt::format("{} /* of a batch */", evaluation.rollouts)) +
         Define("HORIZON", fmt::format("{} /* steps of an episode */", policy.family().horizon));
}

std::string LearningData(const ExportedPolicy& policy) {
  if (!policy.learning) return "";
  const Updates& learning = *policy.learning;
  const AdvantageOptions& advantages = policy.loop().options().advantages;
  std::vector<std::int64_t> offsets;
  for (const LayerShape& layer : policy.shape().network.layers) offsets.push_back(layer.offset);
  return CInts("layer_sizes", SizesOf(policy.shape())) + CInts("layer_offsets", offsets) +
         Define("LAYERS", std::ssize(offsets)) +
         Define("WIDEST", std::ranges::max(SizesOf(policy.shape()))) +
         Define("DISCOUNT", CDouble(advantages.discount)) +
         Define("LAMBDA", CDouble(advantages.gae_lambda)) +
         Define("ADVANTAGE_SCALE", CDouble(learning.advantage_scale)) +
         Define("STEP_SIZE", CDouble(StepSize(learning.step, 0, learning.noise_ratio))) +
         Define("STEP_DECAY", CDouble(learning.step.step_decay)) +
         Define("MAX_GRADIENT_NORM", CDouble(learning.step.max_gradient_norm)) +
         Define("MAX_STEP_NORM", CDouble(learning.step.max_step_norm)) +
         Define("STEP_ROWS", learning.multipliers.cols()) +
         CColumns("step_multipliers", learning.multipliers);
}

std::string Data(const ExportedPolicy& policy) {
  const PolicyShape& shape = policy.shape();
  const std::vector<std::int64_t> sizes = SizesOf(shape);
  const std::int64_t activations = std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0});
  const ObservationScale scale = policy.observations();
  const Vector noise = policy.log_std();
  std::string offsets;  // of a recurrent unit's parameters
  if (shape.gru.units > 0) {
    offsets = fmt::format("enum {{ INPUT_OFFSET = {}, STATE_OFFSET = {} }};\n",
                          shape.gru.input.offset, shape.gru.state.offset);
  }
  return offsets + Define("ACTIVATIONS", activations) +
         Define("OBSERVATION_CLIP", CFloat(kObservationClip)) +
         Define("LEARNS_NOISE", shape.learns_log_std ? 1 : 0) +
         (shape.learns_log_std ? Define("NOISE_FLOOR", CFloat(shape.log_std_floor))
                               : CTable("log_deviations", noise)) +
         CTable("observation_shift", scale.mean) +
         CTable("observation_factor", scale.deviation.cwiseInverse()) +
         CTable("initial_parameters", policy.params()) + LearningData(policy);
}

std::string Vectors(const ExportedPolicy& policy) {
  const TestVectors& vectors = policy.vectors;
  std::string text = fmt::format("enum {{ VECTORS = {} }};\n", vectors.observations.cols()) +
                     CColumns("observations", vectors.observations) +
                     CColumns("actions", vectors.actions);
  if (!policy.learning) return text;
  std::vector<std::int64_t> ends;
  std::int64_t steps = 0;
  for (const Episode& episode : vectors.batch) ends.push_back(steps += episode.length);
  Vector rewards(steps);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const Episode& episode = vectors.batch[i];
    rewards.segment(ends[i] - episode.length, episode.length) =
        episode.rewards.head(episode.length);
  }
  return text +
         fmt::format("enum {{ BATCH_EPISODES = {}, VECTOR_UPDATES = {} }};\n", ends.size(),
                     vectors.parameters.cols()) +
         CInts("batch_ends", ends) +
         CColumns("batch_observations", SideBySide(vectors.batch, &Episode::observations)) +
         CColumns("batch_actions", SideBySide(vectors.batch, &Episode::actions)) +
         CTable("batch_rewards", rewards) + CColumns("updated", vectors.parameters);
}

// The calls that make a forward pass.
std::string Layers(const PolicyShape& shape) {
  std::string text;
  std::int64_t first = 0;  // activation of the layer's input
  for (const LayerShape& layer : shape.network.layers) {
    text +=
        fmt::format("  layer(parameters + {}, activations + {}, activations + {}, {}, {}, {});\n",
                    layer.offset, first, first + layer.inputs, layer.inputs, layer.outputs,
                    &layer == &shape.network.layers.back() ? 1 : 0);
    first += layer.inputs;
  }
  return text;
}

// `source` with `text` in the place of "@mark@".
std::string Filled(std::string source, std::string_view mark, const std::string& text) {
  const std::string place = fmt::format("@{}@", mark);
  return source.replace(source.find(place), place.size(), text);
}

std::string Template(std::string_view name) { return std::string(C99Template(name)); }

void WriteC99(const ExportedPolicy& policy, const std::filesystem::path& folder) {
  const std::string code = Filled(Template("policy.c.in"), "layers", Layers(policy.shape()));
  WriteWholeFile(folder / "anole_policy.h",
                 Filled(Template("policy.h.in"), "constants", Constants(policy)));
  WriteWholeFile(folder / "anole_policy.c", Filled(code, "data", Data(policy)));
  WriteWholeFile(folder / "anole_selfcheck.c",
                 Filled(Template("selfcheck.c.in"), "vectors", Vectors(policy)));
}

const RegisterExportFormat registration(
    "c", {"C99 without allocation, which acts and learns from what it records", WriteC99});

}  // namespace
}  // namespace anole::exports
