#include "meta/checkpoint.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "agents/finite.h"
#include "configs/excerpt.h"
#include "configs/fingerprint.h"
#include "configs/user_error.h"

namespace anole {
namespace {

// Of the meaning of the tensors. Files of another version are refused.
constexpr const char* kFormat = "anole-state-1";
constexpr const char* kChecksum = "checksum";  // of all doubles, in the metadata
constexpr const char* kOptimizer = "outer_optimizer";
constexpr const char* kDirectionNorm = "direction_norm";
constexpr const char* kBestScore = "best/score";
constexpr const char* kBestIteration = "best/iteration";
constexpr const char* kValidationsSinceBest = "best/validations_since";
// Doubles that are no parameters: signatures leave them out.
constexpr std::array<std::string_view, 3> kNoParameters = {kOptimizer, kDirectionNorm, kBestScore};
constexpr const char* kIteration = "iteration";
constexpr const char* kSamples = "samples";

std::string ShapeText(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (const std::int64_t size : shape) {
    text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  }
  return text + "]";
}

void Append(const std::vector<Block>& blocks, VectorIn values, TensorFile& file) {
  std::int64_t offset = 0;
  for (const Block& block : blocks) {
    const double* first = values.data() + offset;
    file.tensors.emplace_back(
        block.name, Tensor{block.shape, std::vector<double>(first, first + block.size())});
    offset += block.size();
  }
}

Vector Extract(const std::vector<Block>& blocks, const TensorFile& file, const std::string& path) {
  Vector values(TotalSize(blocks));
  std::int64_t offset = 0;
  for (const Block& block : blocks) {
    const Tensor* tensor = file.Find(block.name);
    if (tensor == nullptr) {
      throw UserError(path + ": has no tensor " + block.name + ", which this configuration needs");
    }
    if (tensor->shape != block.shape) {
      throw UserError(path + ": tensor " + block.name + " has shape " + ShapeText(tensor->shape) +
                      ", this configuration needs " + ShapeText(block.shape));
    }
    const auto* data = file.FindValues<double>(block.name);
    if (data == nullptr) throw UserError(path + ": tensor " + block.name + " must hold doubles");
    values.segment(offset, block.size()) = Eigen::Map<const Vector>(data->data(), block.size());
    if (!AllFinite(values.segment(offset, block.size()))) {
      throw UserError(path + ": tensor " + block.name +
                      " holds numbers that are not finite: the run that wrote them broke down; "
                      "choose an earlier checkpoint");
    }
    offset += block.size();
  }
  return values;
}

// The one element of tensor `name`, or `absent` where an older version of anole wrote the file.
template <class T>
T ExtractNumber(const std::string& name, const TensorFile& file, const std::string& path,
                std::optional<T> absent = {}) {
  if (absent && file.Find(name) == nullptr) return *absent;
  const auto* values = file.FindValues<T>(name);
  if (values == nullptr || values->size() != 1) {
    throw UserError(path + ": tensor " + name + " must be one number");
  }
  return values->front();
}

std::int64_t ExtractCount(const std::string& name, const TensorFile& file, const std::string& path,
                          std::optional<std::int64_t> absent = {}) {
  const auto count = ExtractNumber<std::int64_t>(name, file, path, absent);
  constexpr std::int64_t kMost = std::int64_t{1} << 53;  // what a metric can tell exactly
  if (count < 0 || count > kMost) {
    throw UserError(path + ": tensor " + name + " must be 0 to " + std::to_string(kMost));
  }
  return count;
}

// Of the values of all doubles, in the file's order.
std::string Checksum(const TensorFile& file) {
  Fingerprint hash;
  for (const auto& [name, tensor] : file.tensors) {
    if (const auto* values = std::get_if<std::vector<double>>(&tensor.values))
      hash.Add(std::span(*values));
  }
  return hash.text();
}

// The file, whole and undamaged.
TensorFile ReadChecked(const std::filesystem::path& path) {
  TensorFile file = ReadSafetensors(path);
  const std::string name = path.string();
  const auto format = file.metadata.find("format");
  if (format == file.metadata.end() || format->second != kFormat) {
    throw UserError(name + ": not a file of anole, or of another version: its format is " +
                    (format == file.metadata.end() ? "not stated" : "'" + format->second + "'") +
                    ", expected '" + kFormat + "'");
  }
  const auto checksum = file.metadata.find(kChecksum);
  if (checksum != file.metadata.end() && checksum->second != Checksum(file)) {
    throw UserError(name + ": is damaged: its values do not match its checksum");
  }
  return file;
}

}  // namespace

void SaveState(const std::filesystem::path& path, const MetaState& state, const Layout& layout,
               const Notes& notes) {
  TensorFile file;
  file.metadata = notes;
  file.metadata["format"] = kFormat;
  Append(layout.theta, state.theta, file);
  Append(layout.context, state.context, file);
  Append({{kOptimizer, {state.optimizer.size()}}}, state.optimizer, file);
  file.tensors.emplace_back(kIteration, Tensor{{}, std::vector<std::int64_t>{state.iteration}});
  file.tensors.emplace_back(kSamples, Tensor{{}, std::vector<std::int64_t>{state.samples}});
  file.tensors.emplace_back(kDirectionNorm, Tensor{{}, std::vector<double>{state.direction_norm}});
  file.tensors.emplace_back(kBestScore, Tensor{{}, std::vector<double>{state.best.score}});
  file.tensors.emplace_back(kBestIteration,
                            Tensor{{}, std::vector<std::int64_t>{state.best.iteration}});
  file.tensors.emplace_back(kValidationsSinceBest,
                            Tensor{{}, std::vector<std::int64_t>{state.best.validations_since}});
  file.metadata[kChecksum] = Checksum(file);
  WriteSafetensors(path, file);
}

Notes ReadNotes(const std::filesystem::path& path) { return ReadChecked(path).metadata; }

void CheckUndamaged(const std::filesystem::path& path) { ReadChecked(path); }

void CheckOptimizer(const std::filesystem::path& path, const OptimizerMemory& expected) {
  const TensorFile file = ReadChecked(path);
  const std::string name = path.string();
  const auto note = file.metadata.find(kOptimizerNote);
  if (note != file.metadata.end() && note->second != expected.name) {
    throw UserError(name + ": was trained with meta.optimizer = \"" + Excerpt(note->second) +
                    "\", whose memory is of no use to \"" + expected.name + "\"");
  }
  const auto* memory = file.FindValues<double>(kOptimizer);
  const auto size = static_cast<std::int64_t>(memory == nullptr ? 0 : memory->size());
  const std::int64_t needed = ExtractCount(kIteration, file, name) == 0 ? 0 : expected.size;
  if (memory == nullptr || size != needed) {
    throw UserError(name + ": tensor " + kOptimizer + " has " + std::to_string(size) +
                    " elements, meta.optimizer = \"" + expected.name + "\" needs " +
                    std::to_string(needed) + " after so many iterations");
  }
  if (!Eigen::Map<const Vector>(memory->data(), size).allFinite()) {
    throw UserError(name + ": tensor " + kOptimizer +
                    " holds numbers that are not finite; go on from another checkpoint");
  }
}

MetaState LoadState(const std::filesystem::path& path, const Layout& layout) {
  const TensorFile file = ReadChecked(path);
  const std::string name = path.string();
  MetaState state;
  state.theta = Extract(layout.theta, file, name);
  state.context = Extract(layout.context, file, name);
  const auto* optimizer = file.FindValues<double>(kOptimizer);
  if (optimizer == nullptr) throw UserError(name + ": has no tensor " + kOptimizer);
  state.optimizer =
      Eigen::Map<const Vector>(optimizer->data(), static_cast<Eigen::Index>(optimizer->size()));
  state.iteration = ExtractCount(kIteration, file, name);
  if (state.iteration > Address::kMaxIteration) {
    throw UserError(name + ": tensor " + kIteration + " must be at most " +
                    std::to_string(Address::kMaxIteration));
  }
  state.samples = ExtractCount(kSamples, file, name);
  const MetaState fresh;
  state.direction_norm = ExtractNumber<double>(kDirectionNorm, file, name, fresh.direction_norm);
  state.best = {ExtractNumber<double>(kBestScore, file, name, fresh.best.score),
                ExtractCount(kBestIteration, file, name, 0),
                ExtractCount(kValidationsSinceBest, file, name, 0)};
  return state;
}

std::optional<std::int64_t> BestIteration(const std::filesystem::path& path) {
  const TensorFile file = ReadChecked(path);
  const std::string name = path.string();
  const MetaState fresh;
  const auto score = ExtractNumber<double>(kBestScore, file, name, fresh.best.score);
  if (std::isnan(score)) return std::nullopt;
  return ExtractCount(kBestIteration, file, name, 0);
}

std::string Signature(const MetaState& state) {
  Fingerprint hash;
  hash.Add(std::span(state.theta.data(), static_cast<std::size_t>(state.theta.size())));
  hash.Add(std::span(state.context.data(), static_cast<std::size_t>(state.context.size())));
  return hash.text();
}

std::string Signature(const TensorFile& file) {
  Fingerprint hash;
  for (const auto& [name, tensor] : file.tensors) {
    const auto* values = std::get_if<std::vector<double>>(&tensor.values);
    if (values != nullptr && std::ranges::count(kNoParameters, name) == 0)
      hash.Add(std::span(*values));
  }
  return hash.text();
}

}  // namespace anole
