#include "tools/run/files/json_file.h"

#include <nlohmann/json.hpp>
#include <string>
#include <system_error>

#include "tools/run/files/file_blocks.h"

namespace anole {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDeepest = 32;

struct TooDeep {};

}  // namespace

Json ReadJson(const std::filesystem::path& file, std::uintmax_t max_bytes) try {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return nullptr;
  if (std::filesystem::file_size(file, error) > max_bytes) return nullptr;
  const std::string text = ReadWholeFile(file);
  const auto limit_depth = [](int depth, Json::parse_event_t /*event*/, Json& /*value*/) {
    if (depth > kDeepest) throw TooDeep();
    return true;
  };
  return Json::parse(text, limit_depth);
} catch (const Json::exception&) {
  return nullptr;
} catch (const TooDeep&) {
  return nullptr;
}

}  // namespace anole
