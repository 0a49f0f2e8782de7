#include "tools/report/tune/score.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "configs/lister.h"
#include "configs/user_error.h"
#include "tools/run/experiment.h"
#include "tools/run/files/durable_file.h"
#include "tools/run/files/json_file.h"

namespace anole::tune {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::uintmax_t kMaxBytes = 1'000'000;

const Trial& TrialOf(const TuneSpec& spec, const Piece& piece) {
  return spec.methods[piece.method].trials[piece.trial];
}

std::string Name(const TuneSpec& spec, const Piece& piece) {
  return fmt::format("{}-{:02}-{}", spec.methods[piece.method].name, piece.trial + 1,
                     spec.seeds[piece.seed]);
}

// All that a score depends on, but for the length, which names the file.
Json OptionsOf(const TuneSpec& spec, const Piece& piece) {
  Json options = Json::object();
  for (const OptionDescription& option : Experiment(RunSettings(spec, piece)).Options()) {
    if (option.use != Use::kLength) options[option.name] = option.default_value;
  }
  return options;
}

void CheckOptions(const Json& stored, const Json& wanted, const fs::path& file) {
  for (const auto& [name, value] : wanted.items()) {
    if (stored.contains(name) && stored[name] == value) continue;
    throw UserError(fmt::format(
        "{}: was made with {} = {}, and now it is {}; put that back, or take another --dir",
        file.string(), name, stored.value(name, std::string("none")), value.get<std::string>()));
  }
}

std::optional<Score> ToScore(const Json& json, std::int64_t updates) {
  if (json.at("scores").size() != static_cast<std::size_t>(updates + 1)) return std::nullopt;
  Score score{.means = Vector(static_cast<Eigen::Index>(json.at("scores").size())),
              .samples = json.at("samples"),
              .failure = json.at("failure")};
  for (Eigen::Index i = 0; i < score.means.size(); ++i) {
    const Json& mean = json.at("scores").at(static_cast<std::size_t>(i));
    score.means[i] = mean.is_null() ? std::nan("") : mean.get<double>();
  }
  return score;
}

}  // namespace

fs::path RunPath(const fs::path& folder, const TuneSpec& spec, const Piece& piece) {
  return folder / "runs" / Name(spec, piece);
}

Settings RunSettings(const TuneSpec& spec, const Piece& piece) {
  const Trial& trial = TrialOf(spec, piece);
  Settings settings = trial.settings;
  settings.Set("run.seed", std::to_string(spec.seeds[piece.seed]));
  settings.Set("meta.iterations", std::to_string(trial.iterations[piece.rung]));
  return settings;
}

fs::path ScorePath(const fs::path& folder, const TuneSpec& spec, const Piece& piece) {
  return folder / "scores" / Name(spec, piece) /
         fmt::format("{:06}.json", TrialOf(spec, piece).iterations[piece.rung]);
}

std::optional<Score> ReadScore(const fs::path& folder, const TuneSpec& spec, const Piece& piece) {
  const fs::path file = ScorePath(folder, spec, piece);
  const Json json = ReadJson(file, kMaxBytes);
  if (!json.is_object() || !json.contains("options")) return std::nullopt;
  try {
    CheckOptions(json["options"], OptionsOf(spec, piece), file);
    return ToScore(json, Experiment(RunSettings(spec, piece)).evaluation.updates);
  } catch (const Json::exception&) {
    return std::nullopt;  // damaged: it is made again
  }
}

void WriteScore(const fs::path& folder, const TuneSpec& spec, const Piece& piece,
                const Score& score) {
  const Json json = {{"scores", std::vector<double>(score.means.begin(), score.means.end())},
                     {"samples", score.samples},
                     {"failure", score.failure},
                     {"options", OptionsOf(spec, piece)}};
  WriteWholeFile(ScorePath(folder, spec, piece), json.dump(2) + "\n");
}

}  // namespace anole::tune
