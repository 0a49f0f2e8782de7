#include "tools/report/zoo/entry.h"

#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "configs/user_error.h"
#include "tools/run/files/json_file.h"
#include "tools/run/files/json_vector.h"
#include "tools/run/run_directory.h"

namespace anole::zoo {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "anole-zoo-1";
constexpr std::uintmax_t kMaxBytes = 1'000'000;

double ToNumber(const Json& json) { return json.is_null() ? std::nan("") : json.get<double>(); }

// Names the members of both directions once: `visit(name, member)`.
template <class Figures, class Visit>
void VisitFigures(Figures& figures, const Visit& visit) {
  visit("seed", figures.seed);
  visit("signature", figures.signature);
  visit("minutes", figures.minutes);
  visit("means", figures.means);
  visit("ci95", figures.ci95);
  visit("spread", figures.spread);
  visit("worst", figures.worst);
}

template <class Of, class Visit>
void VisitEntry(Of& entry, const Visit& visit) {
  visit("family", entry.family);
  visit("score", entry.score);
  visit("higher_is_better", entry.higher_is_better);
  visit("rolls_out", entry.rolls_out);
  visit("by_memory", entry.by_memory);
  visit("samples", entry.samples);
  visit("iterations", entry.iterations);
  visit("tasks", entry.tasks);
  visit("adaptations", entry.adaptations);
  visit("trained_on", entry.trained_on);
  visit("update_samples", entry.update_samples);
  visit("anole", entry.anole);
  visit("git_commit", entry.git_commit);
  visit("mujoco", entry.mujoco);
  visit("instruction_set", entry.instruction_set);
  visit("cpu", entry.cpu);
  visit("threads", entry.threads);
}

// Sets a member of the JSON.
auto Into(Json& json) {
  return [&json](const char* name, const auto& value) { json[name] = value; };
}

// Reads one.
auto From(const Json& json) {
  return [&json](const char* name, auto& value) {
    using Value = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::is_same_v<Value, double>) {
      value = ToNumber(json.at(name));
    } else {
      json.at(name).get_to(value);
    }
  };
}

RunFigures ToFigures(const Json& json, Eigen::Index updates) {
  RunFigures figures;
  VisitFigures(figures, From(json));
  for (const Vector* of_updates :
       {&figures.means, &figures.ci95, &figures.spread, &figures.worst}) {
    if (of_updates->size() != updates + 1)
      throw UserError("its runs have other numbers of updates");
  }
  return figures;
}

// Lists of numbers on a line each: people read these files, and their differences.
std::string WithShortLists(const std::string& text) {
  std::string lines;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t end =
        text[i] == '[' ? text.find_first_not_of(" \n0123456789+-.enul,", i + 1) : std::string::npos;
    if (end == std::string::npos || text[end] != ']') {
      lines += text[i];
      continue;
    }
    std::string list = text.substr(i, end - i);
    std::erase_if(list, [](char c) { return c == ' ' || c == '\n'; });
    for (const char c : list) lines += c == ',' ? ", " : std::string(1, c);
    i = end - 1;
  }
  return lines;
}

Json ToJson(const RunFigures& figures) {
  Json json;
  VisitFigures(figures, Into(json));
  return json;
}

}  // namespace

Vector Entry::Means(Eigen::Index update) const {
  Vector means(static_cast<Eigen::Index>(runs.size()));
  for (std::size_t i = 0; i < runs.size(); ++i) {
    means[static_cast<Eigen::Index>(i)] = runs[i].means[update];
  }
  return means;
}

Interval Entry::Expected() const { return PredictionInterval(Means(updates())); }

bool IsEntry(const fs::path& folder) {
  std::error_code unknown;
  return fs::is_regular_file(folder / kExpectedFile, unknown) && RunDirectory::IsOne(folder);
}

Entry ReadEntry(const fs::path& folder) {
  const fs::path file = folder / kExpectedFile;
  const Json json = ReadJson(file, kMaxBytes);
  if (!json.is_object() || json.value("format", Json()) != kFormat) {
    throw UserError(file.string() + ": is not what `anole zoo --add` writes");
  }
  try {
    Entry entry;
    entry.name = RunDirectory::Open(folder).name();
    VisitEntry(entry, From(json));
    if (entry.update_samples.size() == 0) throw UserError("it tells of no scores");
    for (const Json& run : json.at("runs")) entry.runs.push_back(ToFigures(run, entry.updates()));
    entry.parameters = ToFigures(json.at("parameters"), entry.updates());
    if (entry.runs.empty()) throw UserError("it has no runs");
    return entry;
  } catch (const Json::exception& error) {
    throw UserError(file.string() + ": is damaged: " + error.what());
  } catch (const UserError& error) {
    throw UserError(file.string() + ": is damaged: " + error.what());
  }
}

std::string EntryText(const Entry& entry) {
  Json json = {{"format", kFormat}};
  VisitEntry(entry, Into(json));
  for (const RunFigures& run : entry.runs) json["runs"].push_back(ToJson(run));
  json["parameters"] = ToJson(entry.parameters);
  const Interval expected = entry.Expected();
  json["expected"] = {expected.low, expected.high};
  return WithShortLists(json.dump(1)) + "\n";
}

}  // namespace anole::zoo
