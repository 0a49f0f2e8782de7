#include "tools/bench/benchmark.h"

#include <algorithm>
#include <utility>

namespace anole::bench {
namespace {

std::vector<MakeEntries>& Registered() {
  static std::vector<MakeEntries> registered;
  return registered;
}

}  // namespace

RegisterBenchmarks::RegisterBenchmarks(MakeEntries make_entries) {
  Registered().push_back(make_entries);
}

std::vector<BenchmarkEntry> AllBenchmarks() {
  std::vector<BenchmarkEntry> all;
  for (const MakeEntries make_entries : Registered()) {
    for (BenchmarkEntry& entry : make_entries()) all.push_back(std::move(entry));
  }
  std::ranges::sort(all, {}, [](const BenchmarkEntry& entry) { return entry.figures[0].name; });
  return all;
}

}  // namespace anole::bench
