#include "tools/bench/suite.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <set>
#include <utility>

#include "configs/suggest.h"
#include "configs/user_error.h"

namespace anole::bench {
namespace {

bool Matches(const std::string& name, const std::string& pattern) {
  return fnmatch(pattern.c_str(), name.c_str(), 0) == 0 || name.starts_with(pattern + "/");
}

Range RangeOf(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t middle = values.size() / 2;
  const double median =
      values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return {values.front(), median, values.back()};
}

// "; did you mean 'sampling/ant'?", or the groups that there are.
std::string SuggestionFor(const std::string& pattern, const std::vector<BenchmarkEntry>& entries) {
  std::vector<std::string> names;
  std::set<std::string> groups;
  for (const BenchmarkEntry& entry : entries) {
    for (const Figure& figure : entry.figures) {
      names.push_back(figure.name);
      groups.insert(figure.name.substr(0, figure.name.find('/')));
    }
  }
  const std::string near = Nearest(pattern, names);
  if (!near.empty()) return fmt::format("; did you mean '{}'?", near);
  return Suggestion(pattern, {groups.begin(), groups.end()});
}

// A benchmark that was chosen, and what it has found so far.
struct Chosen {
  BenchmarkEntry entry;
  std::vector<bool> wanted;  // of its figures
  std::unique_ptr<Benchmark> benchmark;
  std::vector<std::vector<double>> values;  // [figure][repetition]
};

std::vector<Chosen> Choose(const std::vector<std::string>& patterns,
                           const std::vector<BenchmarkEntry>& more) {
  const std::vector<BenchmarkEntry> all = AllBenchmarks();
  std::vector<Chosen> chosen;
  const auto choose = [&](const BenchmarkEntry& entry, std::vector<bool> wanted) {
    if (std::ranges::find(wanted, true) == wanted.end()) return;
    const std::size_t figures = entry.figures.size();
    chosen.push_back(
        {entry, std::move(wanted), nullptr, std::vector<std::vector<double>>(figures)});
  };
  std::set<std::string> met;
  for (const BenchmarkEntry& entry : all) {
    std::vector<bool> wanted(entry.figures.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      for (const std::string& pattern : patterns) {
        if (!Matches(entry.figures[i].name, pattern)) continue;
        wanted[i] = true;
        met.insert(pattern);
      }
    }
    choose(entry, std::move(wanted));
  }
  for (const std::string& pattern : patterns) {
    if (met.contains(pattern)) continue;
    throw UserError(fmt::format("no benchmark '{}'{}", pattern, SuggestionFor(pattern, all)));
  }
  for (const BenchmarkEntry& entry : more) {
    choose(entry, std::vector<bool>(entry.figures.size(), true));
  }
  return chosen;
}

}  // namespace

bool BenchResult::meets_goal() const {
  if (!figure.goal) return true;
  return figure.better == Better::kHigher ? range.median >= *figure.goal
                                          : range.median <= *figure.goal;
}

std::vector<BenchResult> RunBenchmarks(const std::vector<std::string>& patterns,
                                       const std::vector<BenchmarkEntry>& more, int repetitions,
                                       const BenchProgress& progress) {
  std::vector<Chosen> chosen = Choose(patterns, more);
  const auto times = [&](const Chosen& one) {
    return std::min(repetitions, one.entry.most_repetitions);
  };
  int total = 0, done = 0;
  for (const Chosen& one : chosen) total += times(one);
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    for (Chosen& one : chosen) {
      if (repetition >= times(one)) continue;
      if (one.benchmark == nullptr) one.benchmark = one.entry.make();
      const std::vector<double> values = one.benchmark->Measure(repetition);
      for (std::size_t i = 0; i < values.size(); ++i) one.values[i].push_back(values[i]);
      progress(++done, total,
               fmt::format("repetition {}/{}  {}", repetition + 1, repetitions,
                           one.entry.figures[0].name));
    }
  }
  std::vector<BenchResult> results;
  for (Chosen& one : chosen) {
    for (std::size_t i = 0; i < one.entry.figures.size(); ++i) {
      if (!one.wanted[i]) continue;
      results.push_back({one.entry.figures[i], RangeOf(std::move(one.values[i]))});
    }
  }
  std::ranges::sort(results, {}, [](const BenchResult& result) { return result.figure.name; });
  return results;
}

}  // namespace anole::bench
