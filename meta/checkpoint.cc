#include "meta/checkpoint.h"

#include <array>
#include <cstddef>
#include <cstdio>
#include <span>
#include <utility>
#include <vector>

#include "configs/user_error.h"

namespace anole {
namespace {

// Of the meaning of the tensors. Files of another version are refused.
constexpr const char* kFormat = "anole-state-1";
constexpr const char* kOptimizer = "outer_optimizer";
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
    offset += block.size();
  }
  return values;
}

std::int64_t ExtractInteger(const std::string& name, const TensorFile& file,
                            const std::string& path) {
  const auto* values = file.FindValues<std::int64_t>(name);
  if (values == nullptr || values->size() != 1 || values->front() < 0) {
    throw UserError(path + ": tensor " + name + " must be one integer of at least 0");
  }
  return values->front();
}

// FNV-1a over the bytes of doubles.
class Hash {
 public:
  void Add(std::span<const double> values) {
    for (const std::byte byte : std::as_bytes(values)) {
      hash_ = (hash_ ^ static_cast<std::uint64_t>(byte)) * 0x100000001b3;
    }
  }

  std::string text() const {
    std::array<char, 17> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(hash_));
    return digits.data();
  }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

}  // namespace

void SaveState(const std::filesystem::path& path, const MetaState& state, const Layout& layout,
               const std::map<std::string, std::string>& notes) {
  TensorFile file;
  file.metadata = notes;
  file.metadata["format"] = kFormat;
  Append(layout.theta, state.theta, file);
  Append(layout.context, state.context, file);
  Append({{kOptimizer, {state.optimizer.size()}}}, state.optimizer, file);
  file.tensors.emplace_back(kIteration, Tensor{{}, std::vector<std::int64_t>{state.iteration}});
  file.tensors.emplace_back(kSamples, Tensor{{}, std::vector<std::int64_t>{state.samples}});
  WriteSafetensors(path, file);
}

MetaState LoadState(const std::filesystem::path& path, const Layout& layout) {
  const TensorFile file = ReadSafetensors(path);
  const std::string name = path.string();
  const auto format = file.metadata.find("format");
  if (format == file.metadata.end() || format->second != kFormat) {
    throw UserError(name + ": not a file of anole, or of another version: its format is " +
                    (format == file.metadata.end() ? "not stated" : "'" + format->second + "'") +
                    ", expected '" + kFormat + "'");
  }
  MetaState state;
  state.theta = Extract(layout.theta, file, name);
  state.context = Extract(layout.context, file, name);
  const auto* optimizer = file.FindValues<double>(kOptimizer);
  if (optimizer == nullptr) throw UserError(name + ": has no tensor " + kOptimizer);
  state.optimizer =
      Eigen::Map<const Vector>(optimizer->data(), static_cast<Eigen::Index>(optimizer->size()));
  state.iteration = ExtractInteger(kIteration, file, name);
  state.samples = ExtractInteger(kSamples, file, name);
  return state;
}

std::string Signature(const MetaState& state) {
  Hash hash;
  hash.Add({state.theta.data(), static_cast<std::size_t>(state.theta.size())});
  hash.Add({state.context.data(), static_cast<std::size_t>(state.context.size())});
  return hash.text();
}

std::string Signature(const TensorFile& file) {
  Hash hash;
  for (const auto& [name, tensor] : file.tensors) {
    const auto* values = std::get_if<std::vector<double>>(&tensor.values);
    if (values != nullptr && name != kOptimizer) hash.Add(*values);
  }
  return hash.text();
}

}  // namespace anole
