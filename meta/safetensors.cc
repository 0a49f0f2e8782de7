// The format: 8 bytes with the length N of the header, N bytes of JSON, then the data of all
// tensors without a gap; all numbers little-endian. https://github.com/huggingface/safetensors
#include "meta/safetensors.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>

#include "configs/excerpt.h"
#include "configs/user_error.h"
#include "meta/synced_file.h"

namespace anole {
namespace {

using Json = nlohmann::ordered_json;

static_assert(std::endian::native == std::endian::little, "data are copied as they lie in memory");

// The reference implementation allows ten times as much, of which JSON takes gigabytes in memory.
constexpr std::uint64_t kMaxHeaderBytes = 10'000'000;
constexpr std::uint64_t kMaxBytes = std::numeric_limits<std::int64_t>::max();
constexpr int kDeepest = 8;  // of lists and objects in a header
constexpr std::string_view kMetadata = "__metadata__";

// The product of non-negative factors, or nothing where it exceeds 64 bits.
std::optional<std::uint64_t> Product(std::span<const std::int64_t> shape, std::uint64_t unit) {
  if (std::ranges::find(shape, 0) != shape.end()) return 0;
  std::uint64_t product = unit;
  for (const std::int64_t size : shape) {
    if (product > kMaxBytes / static_cast<std::uint64_t>(size)) return std::nullopt;
    product *= static_cast<std::uint64_t>(size);
  }
  return product;
}

bool HoldsDoubles(const Tensor& tensor) {
  return std::holds_alternative<std::vector<double>>(tensor.values);
}

// Of a number of the tensor, in the file.
std::size_t Unit(const Tensor& tensor, Precision precision) {
  return precision == Precision::kSingle && HoldsDoubles(tensor) ? sizeof(float) : sizeof(double);
}

std::size_t Bytes(const Tensor& tensor, Precision precision) {
  return std::visit([](const auto& values) { return values.size(); }, tensor.values) *
         Unit(tensor, precision);
}

std::string Header(const TensorFile& file, Precision precision) {
  Json header = Json::object();
  if (!file.metadata.empty()) header[kMetadata] = file.metadata;
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : file.tensors) {
    const bool negative = std::ranges::any_of(tensor.shape, [](auto size) { return size < 0; });
    if (negative || Product(tensor.shape, Unit(tensor, precision)) != Bytes(tensor, precision)) {
      throw std::invalid_argument("tensor '" + name + "': its shape does not match its values");
    }
    if (name == kMetadata || header.contains(name)) {
      throw std::invalid_argument("tensor '" + name + "': the name is taken");
    }
    const std::uint64_t end = offset + Bytes(tensor, precision);
    header[name] = {{"dtype", !HoldsDoubles(tensor)             ? "I64"
                              : precision == Precision::kSingle ? "F32"
                                                                : "F64"},
                    {"shape", tensor.shape},
                    {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const Json::exception& error) {
    throw std::invalid_argument(std::string("a name or metadata is not UTF-8: ") + error.what());
  }
  text.resize((text.size() + 7) / 8 * 8, ' ');
  return text;
}

// What the header says of one tensor.
struct Entry {
  std::string name, dtype;
  std::vector<std::int64_t> shape;
  std::uint64_t begin, end;  // bytes, from the end of the header
};

// Reads one file, and knows its path for the sake of errors.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) : path_(path) {
    const std::filesystem::file_status status = std::filesystem::status(path);
    if (!std::filesystem::exists(status)) Fail("no such file");
    if (std::filesystem::is_directory(status)) Fail("is a folder, not a file");
    if (!std::filesystem::is_regular_file(status)) Fail("is not a regular file");
    stream_.open(path, std::ios::binary);
    if (!stream_) Fail(std::string("cannot be opened: ") + std::strerror(errno));
    bytes_ = std::filesystem::file_size(path);
  }

  TensorFile Read() {
    TensorFile file;
    const Json header = ReadHeader();
    std::vector<Entry> entries;
    for (const auto& [name, value] : header.items()) {
      if (name == kMetadata) {
        file.metadata = ParseMetadata(value);
      } else {
        entries.push_back(ParseEntry(name, value));
      }
    }
    CheckLayout(entries);
    for (const Entry& entry : entries) {
      file.tensors.emplace_back(entry.name, Tensor{entry.shape, ReadValues(entry)});
    }
    return file;
  }

 private:
  [[noreturn]] void Fail(const std::string& text) const {
    throw UserError(path_.string() + ": " + Excerpt(text, 400));
  }
  [[noreturn]] void FailTruncated(std::uint64_t expected) const {
    Fail("is truncated: " + std::to_string(bytes_) + " bytes are there, " +
         std::to_string(expected) + " are expected");
  }

  Json ReadHeader() {
    std::uint64_t length = 0;
    if (bytes_ < sizeof(length)) FailTruncated(sizeof(length));
    ReadBytes(std::as_writable_bytes(std::span(&length, 1)));
    if (length > kMaxHeaderBytes) Fail("is not a safetensors file");
    data_begin_ = sizeof(length) + length;
    if (bytes_ < data_begin_) FailTruncated(data_begin_);
    std::string text(length, '\0');
    ReadBytes(std::as_writable_bytes(std::span(text)));

    std::vector<std::set<std::string>> keys;  // of the objects that are open, outermost first
    const auto refuse_duplicates = [&](int depth, Json::parse_event_t event, const Json& value) {
      // A value is an object of lists; some functions of the library call themselves for each
      // level.
      if (depth > kDeepest) Fail("is not a safetensors file: its header is nested too deep");
      keys.resize(std::max(keys.size(), static_cast<std::size_t>(depth) + 2));
      if (event == Json::parse_event_t::object_start)
        keys[static_cast<std::size_t>(depth) + 1] = {};
      if (event == Json::parse_event_t::key) {
        const auto& key = value.get_ref<const std::string&>();
        if (!keys[static_cast<std::size_t>(depth)].insert(key).second) {
          Fail("the name '" + key + "' occurs twice in its header");
        }
      }
      return true;
    };
    Json header;
    try {
      header = Json::parse(text, refuse_duplicates);
    } catch (const Json::exception&) {
      Fail("is not a safetensors file: its header is not JSON");
    }
    if (!header.is_object()) Fail("is not a safetensors file: its header is not a JSON object");
    return header;
  }

  std::map<std::string, std::string> ParseMetadata(const Json& value) const {
    std::map<std::string, std::string> metadata;
    if (!value.is_object()) Fail("its __metadata__ is not a JSON object");
    for (const auto& [key, text] : value.items()) {
      if (!text.is_string()) Fail("its metadata '" + key + "' is not a text");
      metadata[key] = text.get<std::string>();
    }
    return metadata;
  }

  // A non-negative 64-bit integer.
  static bool IsSize(const Json& value) {
    return value.is_number_unsigned() && value.get<std::uint64_t>() <= kMaxBytes;
  }

  Entry ParseEntry(const std::string& name, const Json& value) const {
    const std::string tensor = "tensor '" + name + "' ";
    if (!value.is_object() || !value.contains("dtype") || !value.contains("shape") ||
        !value.contains("data_offsets")) {
      Fail(tensor + "lacks its dtype, shape or data_offsets");
    }
    const Json& dtype = value["dtype"];
    if (dtype != "F64" && dtype != "I64" && dtype != "F32") {
      Fail(tensor + "has the dtype " + dtype.dump() + " (F64, I64 and F32 can be read)");
    }
    const Json& shape = value["shape"];
    if (!shape.is_array() || !std::ranges::all_of(shape, IsSize)) {
      Fail(tensor + "has the shape " + shape.dump() + ", which is not a list of sizes");
    }
    const Json& offsets = value["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2 || !std::ranges::all_of(offsets, IsSize) ||
        offsets[0] > offsets[1]) {
      Fail(tensor + "has the data_offsets " + offsets.dump() + ", which are not a range of bytes");
    }
    Entry entry{.name = name,
                .dtype = dtype,
                .shape = shape.get<std::vector<std::int64_t>>(),
                .begin = offsets[0],
                .end = offsets[1]};
    const auto needed = Product(entry.shape, entry.dtype == "F32" ? sizeof(float) : sizeof(double));
    if (!needed) Fail(tensor + "has the shape " + shape.dump() + ", which overflows 64 bits");
    if (*needed != entry.end - entry.begin) {
      Fail(tensor + "of shape " + shape.dump() + " needs " + std::to_string(*needed) +
           " bytes, but its data_offsets span " + std::to_string(entry.end - entry.begin));
    }
    return entry;
  }

  // The data must be covered exactly once: no hidden bytes, no two tensors that share some.
  void CheckLayout(const std::vector<Entry>& entries) const {
    std::vector<const Entry*> order;
    for (const Entry& entry : entries) order.push_back(&entry);
    std::ranges::sort(order, {}, [](const Entry* e) { return std::pair(e->begin, e->end); });
    std::uint64_t end = 0;
    for (const Entry* entry : order) {
      if (entry->begin < end) {
        Fail("the data of tensor '" + entry->name + "' overlap those of another tensor");
      }
      if (entry->begin > end) {
        Fail("a hole of " + std::to_string(entry->begin - end) +
             " bytes before the data of tensor '" + entry->name + "'");
      }
      end = entry->end;
    }
    const std::uint64_t expected = data_begin_ + end;
    if (bytes_ < expected) FailTruncated(expected);
    if (bytes_ > expected) {
      Fail("has trailing bytes: " + std::to_string(bytes_) + " bytes are there, " +
           std::to_string(expected) + " are expected");
    }
  }

  decltype(Tensor::values) ReadValues(const Entry& entry) {
    stream_.seekg(static_cast<std::streamoff>(data_begin_ + entry.begin));
    if (entry.dtype == "I64") return ReadVector<std::int64_t>(entry);
    if (entry.dtype == "F64") return ReadVector<double>(entry);
    const std::vector<float> values = ReadVector<float>(entry);
    return std::vector<double>(values.begin(), values.end());
  }

  template <class T>
  std::vector<T> ReadVector(const Entry& entry) {
    std::vector<T> values((entry.end - entry.begin) / sizeof(T));
    ReadBytes(std::as_writable_bytes(std::span(values)));
    return values;
  }

  void ReadBytes(std::span<std::byte> bytes) {
    stream_.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!stream_) Fail("cannot be read (did it change meanwhile?)");
  }

  std::filesystem::path path_;
  std::ifstream stream_;
  std::uint64_t bytes_ = 0;       // of the whole file
  std::uint64_t data_begin_ = 0;  // where the header ends
};

}  // namespace

const Tensor* TensorFile::Find(std::string_view name) const {
  const auto found = std::ranges::find(tensors, name, &std::pair<std::string, Tensor>::first);
  return found == tensors.end() ? nullptr : &found->second;
}

void WriteSafetensors(const std::filesystem::path& path, const TensorFile& file,
                      Precision precision) {
  const std::string header = Header(file, precision);
  const std::uint64_t length = header.size();
  SyncedFile output(path);
  output.Write(std::as_bytes(std::span(&length, 1)));
  output.Write(std::as_bytes(std::span(header)));
  for (const auto& [name, tensor] : file.tensors) {
    const auto* const doubles = std::get_if<std::vector<double>>(&tensor.values);
    if (doubles != nullptr && precision == Precision::kSingle) {
      const std::vector<float> singles(doubles->begin(), doubles->end());
      output.Write(std::as_bytes(std::span(singles)));
      continue;
    }
    std::visit([&](const auto& values) { output.Write(std::as_bytes(std::span(values))); },
               tensor.values);
  }
  output.Finish();
}

TensorFile ReadSafetensors(const std::filesystem::path& path) { return Reader(path).Read(); }

}  // namespace anole
