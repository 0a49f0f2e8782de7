// JSON lines: an object for each control step.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "configs/text_file.h"
#include "tools/export/episodes/episode_assembler.h"
#include "tools/export/episodes/episode_format.h"
#include "tools/run/files/json_vector.h"
#include "tools/run/files/new_file.h"

namespace anole::exports {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uintmax_t kLargestJson = std::uintmax_t{1} << 31;  // [bytes]

void WriteJsonLines(const Recording& recording, const std::filesystem::path& file) {
  std::string text;
  for (std::size_t batch = 0; batch < recording.batches.size(); ++batch) {
    std::size_t number = 0;  // of the episode
    for (const auto& [episode, qpos, qvel] : recording.batches[batch]) {
      for (std::int64_t t = 0; t < episode.length; ++t) {
        Json step = {{"batch", batch},
                     {"episode", number},
                     {"step", t},
                     {"time", static_cast<double>(t) * recording.control_dt},
                     {"observation", Vector(episode.observations.col(t))},
                     {"action", Vector(episode.actions.col(t))},
                     {"reward", episode.rewards[t]},
                     {"log_prob", episode.log_probs[t]},
                     {"end", t + 1 == episode.length ? WordOfEnd(episode.end) : ""}};
        for (std::size_t i = 0; i < recording.reward_terms.size(); ++i) {
          step["terms"][recording.reward_terms[i]] =
              episode.reward_terms(static_cast<Eigen::Index>(i), t);
        }
        step["qpos"] = Vector(qpos.col(t));
        step["qvel"] = Vector(qvel.col(t));
        text += step.dump() + '\n';
      }
      if (episode.length > 0) ++number;
    }
  }
  WriteNewFile(file, text);
}

class JsonLineReader {
 public:
  JsonLineReader(const std::filesystem::path& file, const FamilySpec& spec)
      : assembler_(spec, file) {}

  std::vector<std::vector<Episode>> Read(std::string_view text) {
    std::int64_t line = 0;
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      const std::string_view row = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
      ++line;
      if (row.find_first_not_of(" \t\r") != std::string_view::npos) ReadStep(line, row);
    }
    return assembler_.Finish();
  }

 private:
  const Json& Member(std::int64_t line, const Json& object, const char* name) const {
    const auto found = object.find(name);
    if (found == object.end()) assembler_.Refuse(line, fmt::format("has no \"{}\"", name));
    return *found;
  }

  Vector Numbers(std::int64_t line, const Json& object, const char* name) const {
    const Json& array = Member(line, object, name);
    const bool is_vector = array.is_array() && std::ranges::all_of(array, [](const Json& number) {
                             return number.is_number();
                           });
    if (!is_vector) assembler_.Refuse(line, fmt::format("\"{}\" is no array of numbers", name));
    return array.get<Vector>();
  }

  double Number(std::int64_t line, const Json& object, const char* name) const {
    const Json& number = Member(line, object, name);
    if (!number.is_number()) assembler_.Refuse(line, fmt::format("\"{}\" is no number", name));
    return number.get<double>();
  }

  std::optional<std::int64_t> Count(std::int64_t line, const Json& object, const char* name) const {
    if (!object.contains(name)) return {};
    if (!object[name].is_number_integer()) {
      assembler_.Refuse(line, fmt::format("\"{}\" is no whole number", name));
    }
    return object[name].get<std::int64_t>();
  }

  void ReadStep(std::int64_t line, std::string_view text) {
    const Json object = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!object.is_object())
      assembler_.Refuse(line, "is no JSON object (of which every number is finite)");
    RecordedStep step{.batch = Count(line, object, "batch"),
                      .episode = Count(line, object, "episode"),
                      .step = Count(line, object, "step"),
                      .observation = Numbers(line, object, "observation"),
                      .action = Numbers(line, object, "action"),
                      .reward = Number(line, object, "reward")};
    if (object.contains("log_prob")) step.log_prob = Number(line, object, "log_prob");
    const Json& end = Member(line, object, "end");
    if (end.is_string()) {
      step.end = end.get<std::string>();
    } else if (end.is_boolean() || end.is_number_integer()) {
      step.end = end.dump();
    } else {
      assembler_.Refuse(line, "\"end\" is neither a word nor true or false, 1 or 0");
    }
    assembler_.Add(line, step);
  }

  EpisodeAssembler assembler_;
};

std::vector<std::vector<Episode>> ReadJsonLines(const std::filesystem::path& file,
                                                const FamilySpec& spec) {
  return JsonLineReader(file, spec)
      .Read(ReadTextFile(file, kLargestJson, "a file of recorded episodes"));
}

const RegisterEpisodeFormat registration(".jsonl", {WriteJsonLines, ReadJsonLines});

}  // namespace
}  // namespace anole::exports
