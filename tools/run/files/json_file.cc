#include "tools/run/files/json_file.h"

#include <nlohmann/json.hpp>
#include <string>

#include "configs/text_file.h"
#include "configs/user_error.h"

namespace anole {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDeepest = 32;

struct TooDeep {};

}  // namespace

Json ReadJson(const std::filesystem::path& file, std::uintmax_t max_bytes) try {
  const std::string text = ReadTextFile(file, max_bytes, "a JSON file");
  const auto limit_depth = [](int depth, Json::parse_event_t /*event*/, Json& /*value*/) {
    if (depth > kDeepest) throw TooDeep();
    return true;
  };
  return Json::parse(text, limit_depth);
} catch (const UserError&) {
  return nullptr;
} catch (const Json::exception&) {
  return nullptr;
} catch (const TooDeep&) {
  return nullptr;
}

}  // namespace anole
