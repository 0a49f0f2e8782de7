#include "tools/report/plot/groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "configs/user_error.h"
#include "tools/run/files/json_file.h"

namespace anole::plot {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr const char* kSweepFile = "results.json";

// "runs/reptile-3/", of seed 3: reptile.
std::string NameOf(const RunData& run) {
  std::string name = fs::weakly_canonical(run.path).filename().string();
  const std::string end = fmt::format("-{}", run.seed);
  if (name.ends_with(end) && name != end) name.erase(name.size() - end.size());
  return name;
}

// The scores in a row of results.json are those at the step size that was chosen.
void ReadSweepScores(const Json& row, const std::string& method, std::size_t seed, RunData& run) {
  const Json& updates = row.at("updates");
  AdaptationData data{.tasks = run.adaptation.tasks};
  data.samples = data.scores = Vector(updates.size());
  for (std::size_t k = 0; k < updates.size(); ++k) {
    const auto i = static_cast<Eigen::Index>(k);
    data.samples[i] = updates.at(k).at("samples").get<double>();
    const Json& score = updates.at(k).at("seeds").at(method).at(seed);
    data.scores[i] =
        score.is_null() ? std::numeric_limits<double>::quiet_NaN() : score.get<double>();
  }
  run.adaptation = std::move(data);
  run.evaluations = 0;  // none of them is drawn
}

std::vector<Group> ReadSweep(const fs::path& folder) try {
  constexpr std::uintmax_t kMaxBytes = 256'000'000;
  const Json json = ReadJson(folder / kSweepFile, kMaxBytes);
  std::vector<Group> groups;
  for (const Json& row : json.at("rows")) {
    const std::string name = row.at("name").get<std::string>();
    Group group{.name = name,
                .long_name = fs::weakly_canonical(folder).filename().string() + "/" + name};
    for (const Json& entry : row.at("methods")) {
      const std::string method = entry.at("name").get<std::string>();
      std::vector<RunData>& runs = group.methods.emplace_back();
      for (std::size_t i = 0; i < json.at("seeds").size(); ++i) {
        const Json& number = json.at("seeds").at(i);
        if (!number.is_number_integer()) {
          throw UserError((folder / kSweepFile).string() + ": a seed is no integer");
        }
        const std::int64_t seed = number.get<std::int64_t>();
        RunData run = ReadRun(folder / fmt::format("{}-{}", method, seed));
        ReadSweepScores(row, method, i, run);
        run.score = json.at("score").get<std::string>();
        runs.push_back(std::move(run));
      }
      if (runs.empty()) throw UserError((folder / kSweepFile).string() + ": has no seeds");
    }
    if (group.methods.empty()) {
      throw UserError((folder / kSweepFile).string() + ": a row has no methods");
    }
    groups.push_back(std::move(group));
  }
  if (groups.empty()) throw UserError((folder / kSweepFile).string() + ": has no rows");
  return groups;
} catch (const Json::exception&) {
  throw UserError((folder / kSweepFile).string() + ": is no result of `anole compare`, or damaged");
}

// Into the group of its equals, if that is there.
void AddRun(RunData run, std::vector<Group>& groups) {
  for (Group& group : groups) {
    if (!Difference(group.methods.front().front().options, run.options).empty()) continue;
    for (const RunData& other : group.methods.front()) {
      if (other.seed != run.seed) continue;
      throw UserError(run.path.string() + ": is the same as " + other.path.string() +
                      " (config and seed); a curve takes each seed once");
    }
    return group.methods.front().push_back(std::move(run));
  }
  const std::string name = NameOf(run), long_name = run.path.string();
  groups.push_back({name, long_name, {{std::move(run)}}});
}

// What all runs of a figure share.
void CheckAlike(const std::vector<Group>& groups) {
  const RunData* first = nullptr;
  for (const Group& group : groups) {
    for (const auto& runs : group.methods) {
      for (const RunData& run : runs) {
        if (run.learning.samples.size() == 0 && run.adaptation.samples.size() == 0) {
          throw UserError(run.path.string() +
                          ": has nothing to draw: no row in metrics.csv, no evaluation (an entry "
                          "of the zoo keeps "
                          "none; `anole train zoo:NAME` makes a run of its own)");
        }
        if (first == nullptr) first = &run;
        if (run.family == first->family && run.score == first->score) continue;
        throw UserError(run.path.string() + ": is of " + run.family + " (" + run.score + "), but " +
                        first->path.string() + " of " + first->family + " (" + first->score +
                        "); a figure shows one family");
      }
    }
  }
}

}  // namespace

std::vector<Group> ReadGroups(const std::vector<std::string>& paths) {
  std::vector<Group> of_sweeps, of_runs;
  for (const std::string& path : paths) {
    if (fs::is_regular_file(fs::path(path) / kSweepFile)) {
      for (Group& group : ReadSweep(path)) of_sweeps.push_back(std::move(group));
    } else if (fs::is_directory(path) && !fs::exists(fs::path(path) / "config.toml")) {
      throw UserError(path + ": neither a run (config.toml, checkpoints/) nor a sweep of " +
                      "`anole compare` (" + kSweepFile + ")");
    } else {
      AddRun(ReadRun(path), of_runs);
    }
  }
  std::vector<Group> groups = std::move(of_sweeps);
  for (Group& group : of_runs) groups.push_back(std::move(group));
  CheckAlike(groups);
  std::vector<std::string> names;
  for (const Group& group : groups) names.push_back(group.name);
  for (Group& group : groups) {
    if (std::ranges::count(names, group.name) > 1) group.name = group.long_name;
  }
  return groups;
}

}  // namespace anole::plot
