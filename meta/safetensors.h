// Named tensors in a safetensors file: the format of checkpoints, read by many other programs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace anole {

// A tensor of doubles or 64-bit integers, row-major. A scalar has shape [].
struct Tensor {
  std::vector<std::int64_t> shape;
  std::variant<std::vector<double>, std::vector<std::int64_t>> values;
};

struct TensorFile {
  std::vector<std::pair<std::string, Tensor>> tensors;  // in the order of the file's header
  std::map<std::string, std::string> metadata;

  // nullptr where there is none of this name.
  const Tensor* Find(std::string_view name) const;
  // nullptr also where the tensor holds the other type; T is double or std::int64_t.
  template <class T>
  const std::vector<T>* FindValues(std::string_view name) const {
    const Tensor* tensor = Find(name);
    return tensor == nullptr ? nullptr : std::get_if<std::vector<T>>(&tensor->values);
  }
};

// How many bits of a double a file has.
enum class Precision { kDouble, kSingle };

// Writes I64 and F64, or F32 for single precision, and has the data on the disk on return; the
// folder's entry is the caller's to sync. Throws std::filesystem::filesystem_error where the file
// cannot be written, and std::invalid_argument, before any file is touched, for a `file` that no
// reader would accept.
void WriteSafetensors(const std::filesystem::path& path, const TensorFile& file,
                      Precision precision = Precision::kDouble);

// Reads F64, I64, and F32 as doubles. Throws UserError with the path and what is wrong; no size
// that the file states is believed before it is checked.
TensorFile ReadSafetensors(const std::filesystem::path& path);

}  // namespace anole
