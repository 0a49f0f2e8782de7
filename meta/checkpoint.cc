#include "meta/checkpoint.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <type_traits>
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
    if ((values.segment(offset, block.size()).array() < block.min).any()) {
      throw UserError(path + ": tensor " + block.name + " is damaged: it holds numbers below " +
                      std::to_string(std::llround(block.min)));
    }
    offset += block.size();
  }
  return values;
}

// The one element of tensor `name`.
template <class T>
T ExtractNumber(const std::string& name, const TensorFile& file, const std::string& path) {
  const auto* values = file.FindValues<T>(name);
  if (values == nullptr || values->size() != 1) {
    throw UserError(path + ": tensor " + name + " must be one number");
  }
  return values->front();
}

// Reads what `file` has of `state`; parameters only where `layout` tells their blocks.
void Extract(const TensorFile& file, const std::string& path, const Layout* layout,
             MetaState& state) {
  VisitFields(state, [&](const std::string& name, auto& value, const StateField& field) {
    using Value = std::remove_reference_t<decltype(value)>;
    if (field.blocks != nullptr && layout == nullptr) return;
    if (field.may_lack && file.Find(name) == nullptr) return;
    if constexpr (std::is_same_v<Value, Vector>) {
      if (field.blocks != nullptr) {
        value = Extract(layout->*field.blocks, file, path);
        return;
      }
      const auto* values = file.FindValues<double>(name);
      if (values == nullptr) throw UserError(path + ": has no tensor " + name);
      value = Eigen::Map<const Vector>(values->data(), std::ssize(*values));
    } else {
      value = ExtractNumber<Value>(name, file, path);
      if constexpr (std::is_same_v<Value, std::int64_t>) {
        if (value < 0 || value > field.most) {
          throw UserError(path + ": tensor " + name + " must be 0 to " +
                          std::to_string(field.most));
        }
      }
    }
  });
}

// What a file tells of its state without a layout: all but the parameters.
MetaState ExtractRest(const TensorFile& file, const std::string& path) {
  MetaState state;
  Extract(file, path, nullptr, state);
  return state;
}

// Whether the tensor holds what is learned, or only what training needs beside it.
bool IsParameter(const std::string& name) {
  bool parameter = true;
  const MetaState state;
  VisitFields(state, [&](const std::string& field_name, const auto&, const StateField& field) {
    if (field.blocks == nullptr && field_name == name) parameter = false;
  });
  return parameter;
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

// To what single precision has.
void Round(TensorFile& file) {
  for (auto& [name, tensor] : file.tensors) {
    auto* const values = std::get_if<std::vector<double>>(&tensor.values);
    if (values == nullptr) continue;
    for (double& value : *values) value = static_cast<double>(static_cast<float>(value));
  }
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
               const Notes& notes, Precision precision) {
  TensorFile file;
  file.metadata = notes;
  file.metadata["format"] = kFormat;
  VisitFields(state, [&](const std::string& name, const auto& value, const StateField& field) {
    using Value = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::is_same_v<Value, Vector>) {
      if (field.may_lack && value.size() == 0) return;
      if (field.blocks != nullptr) {
        Append(layout.*field.blocks, value, file);
      } else {
        Append({{name, {value.size()}}}, value, file);
      }
    } else {
      file.tensors.emplace_back(name, Tensor{{}, std::vector<Value>{value}});
    }
  });
  if (precision == Precision::kSingle) Round(file);
  file.metadata[kChecksum] = Checksum(file);
  WriteSafetensors(path, file, precision);
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
  const MetaState state = ExtractRest(file, name);
  const std::int64_t size = state.optimizer.size();
  const std::int64_t needed = state.iteration == 0 ? 0 : expected.size;
  if (size != needed) {
    throw UserError(name + ": tensor " + kOptimizerField + " has " + std::to_string(size) +
                    " elements, meta.optimizer = \"" + expected.name + "\" needs " +
                    std::to_string(needed) + " after so many iterations");
  }
  if (!state.optimizer.allFinite()) {
    throw UserError(name + ": tensor " + kOptimizerField +
                    " holds numbers that are not finite; go on from another checkpoint");
  }
}

MetaState LoadState(const std::filesystem::path& path, const Layout& layout) {
  MetaState state;
  Extract(ReadChecked(path), path.string(), &layout, state);
  if (state.average.size() != 0 && state.average.size() != state.theta.size()) {
    throw UserError(path.string() + ": tensor average has " + std::to_string(state.average.size()) +
                    " elements, and theta " + std::to_string(state.theta.size()));
  }
  if (!AllFinite(state.average)) {
    throw UserError(path.string() + ": tensor average holds numbers that are not finite");
  }
  return state;
}

std::optional<std::int64_t> BestIteration(const std::filesystem::path& path) {
  const BestScore best = ExtractRest(ReadChecked(path), path.string()).best;
  if (std::isnan(best.score)) return std::nullopt;
  return best.iteration;
}

std::string Signature(const Learnable& learned) {
  Fingerprint hash;
  hash.Add(std::span(learned.theta.data(), static_cast<std::size_t>(learned.theta.size())));
  hash.Add(std::span(learned.context.data(), static_cast<std::size_t>(learned.context.size())));
  return hash.text();
}

std::string Signature(const MetaState& state) { return Signature(Learned(state)); }

std::string Signature(const TensorFile& file) {
  const auto* const average = file.FindValues<double>(kAverageField);
  std::span<const double> left;  // of the average, which stands for theta, the first parameters
  if (average != nullptr) left = *average;
  Fingerprint hash;
  for (const auto& [name, tensor] : file.tensors) {
    const auto* values = std::get_if<std::vector<double>>(&tensor.values);
    if (values == nullptr || !IsParameter(name)) continue;
    const std::size_t averaged = std::min(left.size(), values->size());
    hash.Add(left.first(averaged));
    hash.Add(std::span(*values).subspan(averaged));
    left = left.subspan(averaged);
  }
  return hash.text();
}

}  // namespace anole
