// JSON lines: an object for each control step.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "tools/export/episodes/episode_assembler.h"
#include "tools/export/episodes/episode_format.h"
#include "tools/run/files/json_vector.h"
#include "tools/run/files/new_file.h"

namespace anole::exports {
namespace {

using Json = nlohmann::ordered_json;

void WriteJsonLines(const Recording& recording, const std::filesystem::path& file) {
  std::string text;
  ForEachStep(recording, [&](const PlacedStep& placed) {
    const auto& [episode, qpos, qvel] = placed.recorded;
    const std::int64_t t = placed.step;
    Json step = {{"batch", placed.batch},
                 {"episode", placed.episode},
                 {"step", t},
                 {"time", static_cast<double>(t) * recording.control_dt},
                 {"observation", Vector(episode.observations.col(t))},
                 {"action", Vector(episode.actions.col(t))},
                 {"reward", episode.rewards[t]},
                 {"log_prob", episode.log_probs[t]},
                 {"end", placed.is_last() ? WordOfEnd(episode.end) : ""}};
    for (std::size_t i = 0; i < recording.reward_terms.size(); ++i) {
      step["terms"][recording.reward_terms[i]] =
          episode.reward_terms(static_cast<Eigen::Index>(i), t);
    }
    step["qpos"] = Vector(qpos.col(t));
    step["qvel"] = Vector(qvel.col(t));
    text += step.dump() + '\n';
  });
  WriteNewFile(file, text);
}

class JsonLineReader {
 public:
  JsonLineReader(const std::filesystem::path& file, const FamilySpec& spec)
      : assembler_(spec, file) {}

  std::vector<std::vector<Episode>> Read(std::string_view text) {
    ForEachLine(text, [&](std::int64_t line, std::string_view row, bool /*is_last*/) {
      if (row.find_first_not_of(" \t\r") != std::string_view::npos) ReadStep(line, row);
    });
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

std::vector<std::vector<Episode>> ReadJsonLines(std::string_view text,
                                                const std::filesystem::path& file,
                                                const FamilySpec& spec) {
  return JsonLineReader(file, spec).Read(text);
}

const RegisterEpisodeFormat registration(".jsonl", {WriteJsonLines, ReadJsonLines});

}  // namespace
}  // namespace anole::exports
