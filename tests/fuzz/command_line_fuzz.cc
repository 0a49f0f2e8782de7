// A command line: each line of the input is a word.
#include "configs/command_line.h"
#include "tests/fuzz/harness.h"
#include "tools/run/experiment.h"
#include "tools/run/goal.h"

namespace anole::fuzz {
namespace {

std::vector<std::string> Lines(std::string_view input) {
  std::vector<std::string> lines;
  while (!input.empty()) {
    const std::size_t end = std::min(input.find('\n'), input.size());
    lines.emplace_back(input.substr(0, end));
    input.remove_prefix(std::min(end + 1, input.size()));
  }
  return lines;
}

void FuzzCommandLine(std::string_view input) {
  static const std::vector<OptionDescription> kOptions = Experiment::Catalogue();
  const std::vector<Flag> flags = {{"help", "", "how"},      {"run-dir", "DIR", "where"},
                                   {"threads", "N", "some"}, {"goal", "X,Y", "what"},
                                   {"quiet", "", "little"},  {"ratio", "X", "a number"}};
  Accept([&] {
    const CommandLine line = ParseCommandLine(Lines(input), flags, kOptions, 2);
    Accept([&] { line.Integer("threads", 1, 1024); });
    Accept([&] { line.Number("ratio", -1, 1); });
    Accept([&] {
      if (const auto goal = line.Get("goal")) ParseGoal(*goal, {{"x", "m"}, {"y", "m"}});
    });
    Settings settings;
    line.ApplyTo(settings);
    const Experiment experiment(settings);
  });
}

const RegisterHarness registration("command_line", {FuzzCommandLine});

}  // namespace
}  // namespace anole::fuzz
