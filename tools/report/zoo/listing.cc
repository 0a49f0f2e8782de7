#include "tools/report/zoo/listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <span>

#include "configs/text_lines.h"
#include "tools/report/seed_statistics.h"
#include "tools/report/table_text.h"
#include "tools/run/count_text.h"
#include "tools/run/update_name.h"

namespace anole::zoo {
namespace {

using Json = nlohmann::ordered_json;
using report::TableColumn;

// Of more updates, tables have only the last one as well.
constexpr Eigen::Index kFew = 3;

std::vector<Eigen::Index> ShownUpdates(Eigen::Index updates) {
  std::vector<Eigen::Index> shown;
  for (Eigen::Index k = 0; k <= std::min(updates, kFew); ++k) shown.push_back(k);
  if (updates > kFew) shown.push_back(updates);
  return shown;
}

std::string Lines(const std::string& text) {
  std::string lines;
  for (const std::string& line : Wrap(text)) lines += line + "\n";
  return lines;
}

double Center(const Entry& entry, Eigen::Index update) {
  const Vector means = entry.Means(update);
  return report::SeedsCenter(std::span(&means, 1));
}

// Of the runs; "-" where one does not tell.
std::string MinutesText(const Entry& entry) {
  double minutes = 0;
  for (const RunFigures& run : entry.runs) {
    minutes += run.minutes / static_cast<double>(entry.runs.size());
  }
  return report::DecimalText(minutes, minutes < 10 ? 1 : 0);
}

// Numbers of entries are of different sizes: each has its own decimals.
std::string Short(double value) {
  return report::DecimalText(value, report::SharedDecimals(Vector::Constant(1, value)));
}

// "what it is: a, b"; empty where no entry is.
std::string NamesText(const std::string& what, const std::vector<Entry>& entries,
                      const std::function<bool(const Entry&)>& is) {
  std::string names;
  for (const Entry& entry : entries) {
    if (is(entry)) names += (names.empty() ? "" : ", ") + entry.name;
  }
  return names.empty() ? "" : Lines(what + ": " + names);
}

const char* VerdictText(Verdict verdict) {
  switch (verdict) {
    case Verdict::kSameBits:
      return "the same bits";
    case Verdict::kWithin:
      return "within the interval";
    case Verdict::kOutside:
      return "not as expected";
    case Verdict::kUnknown:
      return "other bits, no interval";
    case Verdict::kFailed:
      return "diverged";
  }
  return "";
}

std::string IntervalText(const Interval& interval) {
  if (std::isnan(interval.low)) return "";
  const int decimals = report::SharedDecimals(Vector{{interval.low, interval.high}});
  return fmt::format("{} to {}", report::DecimalText(interval.low, decimals),
                     report::DecimalText(interval.high, decimals));
}

}  // namespace

std::string ListText(const std::vector<Entry>& entries) {
  Eigen::Index updates = 0;
  for (const Entry& entry : entries) updates = std::max(updates, entry.updates());
  std::vector<TableColumn> table = {
      {.name = "entry", .words = true}, {.name = "steps"}, {.name = "seeds"}, {.name = "minutes"}};
  for (const Entry& entry : entries) {
    table[0].cells.push_back(entry.name);
    table[1].cells.push_back(report::SamplesText(entry.samples));
    table[2].cells.push_back(std::to_string(entry.runs.size()));
    table[3].cells.push_back(MinutesText(entry));
  }
  for (Eigen::Index k = 0; k <= std::min(updates, kFew); ++k) {
    TableColumn& column = table.emplace_back();
    column.name = std::to_string(k);
    for (const Entry& entry : entries) {
      column.cells.push_back(k <= entry.updates() ? Short(Center(entry, k)) : "-");
    }
  }
  if (updates > kFew) {
    TableColumn& column = table.emplace_back();
    column.name = "last";
    for (const Entry& entry : entries) {
      const Eigen::Index last = entry.updates();
      column.cells.push_back(last > kFew ? fmt::format("{} ({})", Short(Center(entry, last)), last)
                                         : "-");
    }
  }
  return Lines(
             "Trained parameters that come with anole: zoo:NAME is taken wherever a run is. "
             "Columns of numbers: the mean return, or loss, on tasks of tests after so many "
             "updates, 'last' with their number (interquartile mean of five seeds or more).") +
         "\n" + report::TableText(table) +
         NamesText("tasks of tests are also trained on", entries,
                   [](const Entry& entry) { return entry.trained_on > 0; }) +
         NamesText("no updates, but so many earlier episodes that the policy remembers", entries,
                   [](const Entry& entry) { return entry.by_memory; });
}

std::string ListJson(const std::vector<Entry>& entries) {
  Json json = Json::array();
  for (const Entry& entry : entries) {
    Json one = {{"name", entry.name}};
    one.update(Json::parse(EntryText(entry)));
    json.push_back(std::move(one));
  }
  return json.dump(2) + "\n";
}

std::string ReproductionText(const Entry& entry, const std::vector<Reproduced>& all) {
  std::vector<TableColumn> table = {{.name = "seed"}};
  for (const Reproduced& one : all) {
    for (const char* who : {"", "entry"}) {
      table[0].cells.push_back(*who == '\0' ? std::to_string(one.seed) : who);
    }
  }
  for (const Eigen::Index k : ShownUpdates(entry.updates())) {
    TableColumn& column = table.emplace_back();
    column.name = std::to_string(k);
    const int decimals = report::SharedDecimals(entry.Means(k));
    for (const Reproduced& one : all) {
      const bool has_scores = one.figures.means.size() > k;
      column.cells.push_back(has_scores ? report::ScoreText(one.figures.means[k], decimals)
                                        : "failed");
      const auto run = std::ranges::find(entry.runs, one.seed, &RunFigures::seed);
      column.cells.push_back(run == entry.runs.end() ? "-"
                                                     : report::ScoreText(run->means[k], decimals));
    }
  }
  TableColumn& verdicts = table.emplace_back();
  verdicts.name = "verdict";
  verdicts.words = true;
  for (const Reproduced& one : all) {
    verdicts.cells.insert(verdicts.cells.end(), {VerdictText(one.verdict), ""});
  }
  const std::string interval = IntervalText(entry.Expected());
  return Lines(fmt::format(
             "{}: {} after so many {}s, and below it what the entry has (made on {} with "
             "MuJoCo {}, where bits are the same).{}",
             entry.name, entry.score, UpdateName(entry.by_memory), entry.instruction_set,
             entry.mujoco,
             interval.empty() ? ""
                              : fmt::format(" After {} expect {}, as 99 of 100 further runs.",
                                            CountText(entry.updates(), UpdateName(entry.by_memory)),
                                            interval))) +
         "\n" + report::TableText(table);
}

std::string ReproductionJson(const Entry& entry, const std::vector<Reproduced>& all) {
  const Interval expected = entry.Expected();
  Json json = {{"name", entry.name},
               {"score", entry.score},
               {"expected", {expected.low, expected.high}},
               {"runs", Json::array()}};
  for (const Reproduced& one : all) {
    json["runs"].push_back(
        {{"seed", one.seed},
         {"verdict", VerdictText(one.verdict)},
         {"signature", one.figures.signature},
         {"minutes", one.figures.minutes},
         {"means", std::vector<double>(one.figures.means.begin(), one.figures.means.end())}});
  }
  return json.dump(2) + "\n";
}

}  // namespace anole::zoo
