#include "tools/export/episodes/episode_format.h"

#include <fmt/format.h>

#include <utility>

#include "configs/text_file.h"
#include "configs/user_error.h"

namespace anole::exports {
namespace {

constexpr std::uintmax_t kLargestFile = std::uintmax_t{1} << 31;  // [bytes]

std::map<std::string, EpisodeFormat>& RegisteredEndings() {
  static std::map<std::string, EpisodeFormat> formats;
  return formats;
}

}  // namespace

const std::map<std::string, EpisodeFormat>& EpisodeFormats() { return RegisteredEndings(); }

std::vector<std::string> EpisodeEndings() {
  std::vector<std::string> endings;
  for (const auto& [ending, format] : EpisodeFormats()) endings.push_back(ending);
  return endings;
}

RegisterEpisodeFormat::RegisterEpisodeFormat(const std::string& ending, EpisodeFormat format) {
  RegisteredEndings().emplace(ending, format);
}

const EpisodeFormat& EpisodeFormatOf(const std::filesystem::path& file, const std::string& what) {
  const auto found = EpisodeFormats().find(file.extension().string());
  if (found != EpisodeFormats().end()) return found->second;
  throw UserError(fmt::format("{}: its ending must say what it is, one of {}", what,
                              fmt::join(EpisodeEndings(), ", ")));
}

void ForEachLine(
    std::string_view text,
    const std::function<void(std::int64_t line, std::string_view row, bool is_last)>& visit) {
  for (std::int64_t line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    const std::string_view row = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    visit(line, row, text.empty());
  }
}

std::vector<std::vector<Episode>> ReadEpisodes(const std::vector<std::filesystem::path>& files,
                                               const FamilySpec& spec) {
  std::vector<std::vector<Episode>> batches;
  for (const std::filesystem::path& file : files) {
    const auto format = EpisodeFormats().find(file.extension().string());
    if (format == EpisodeFormats().end() || format->second.read == nullptr) {
      throw UserError(
          fmt::format("--episodes={}: files that end in .csv or .jsonl are read", file.string()));
    }
    const std::string text = ReadTextFile(file, kLargestFile, "a file of recorded episodes");
    for (std::vector<Episode>& batch : format->second.read(text, file, spec)) {
      batches.push_back(std::move(batch));
    }
  }
  return batches;
}

}  // namespace anole::exports
