#include "tools/app/robot_variety.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tools/app/robot_words.h"
#include "tools/run/count_text.h"

namespace anole::app {
namespace {

// "0 to 1 m/s, test tasks 0 to 2 m/s, from 0 to 0 m/s on within 5 iterations of training"
std::string RangeText(const PhasedRange& range, const std::string& unit, Growth growth) {
  const auto text = [&unit](const TaskRange& ends) {
    return fmt::format("{:g} to {:g}{}{}", ends.low, ends.high, unit.empty() ? "" : " ", unit);
  };
  std::string told = text(range.Of(Phase::kTrain));
  if (!range.test_range.empty()) told += ", test tasks " + text(range.Of(Phase::kTest));
  if (!range.start_range.empty()) {
    told += fmt::format(", from {} on {}", text(range.At({})), GrowthText(range.growth, growth));
  }
  return told;
}

void PrintMotions(const RobotTask& task) {
  if (task.robot.motions.empty()) return;
  PrintLine("motion", "");
  for (const auto& motion : task.robot.motions) {
    const MotionOptions& options = motion->options();
    const MotionTable& table = motion->table();
    double shortest = table.length(0), longest = shortest;
    for (std::size_t clip = 1; clip < table.clips(); ++clip) {
      shortest = std::min(shortest, table.length(clip));
      longest = std::max(longest, table.length(clip));
    }
    std::string text = fmt::format(
        "{} of {:.4g}", CountText(static_cast<std::int64_t>(table.clips()), "clip"), shortest);
    if (longest > shortest) text += fmt::format(" to {:.4g}", longest);
    text += fmt::format(" s, {}",
                        CountText(static_cast<std::int64_t>(table.columns().size()), "column"));
    if (table.clips() > 1) {
      text += "; clips " + RangeText(motion->clips(), "", GrowthOf(options.per));
      if (!motion->per_task() && motion->draws_clip()) text += ", drawn in each episode";
    }
    if (options.start) {
      text += fmt::format("; {} of its columns are what joints and bodies begin with",
                          table.columns().size() - motion->unstarted().size());
      if (!motion->unstarted().empty()) text += ", not " + Several(motion->unstarted());
    }
    fmt::print("  {:<22} {}\n", options.name, text);
  }
}

void PrintCommands(const RobotTask& task) {
  PrintLine("command", task.robot.commands.empty() ? "none" : "");
  for (const RobotCommand& command : task.robot.commands) {
    std::string when = command.per_task() ? "" : ", drawn in each episode";
    if (const std::string again = command.redraw.told(); !again.empty()) {
      when += " and anew " + again;
    }
    fmt::print("  {:<22} {}{}\n", command.name,
               RangeText(command.range, command.unit, GrowthOf(command.per)), when);
  }
}

// "; x from 0 to .1 on, y from ... within 5 iterations of training", or ""
std::string StartsOf(const PlacementOptions& options) {
  std::string text;
  for (const auto& [name, range] : {std::pair("x", &options.x),
                                    {"y", &options.y},
                                    {"z", &options.z},
                                    {"turn", &options.turn}}) {
    const std::vector<double>& start = range->start_range;
    if (start.empty()) continue;
    text += fmt::format("{} {} from {:g} to {:g} on", text.empty() ? ";" : ",", name, start[0],
                        start[1]);
  }
  return text.empty() ? "" : text + " " + GrowthText(options.growth, GrowthOf(options.per));
}

void PrintPlacements(const RobotTask& task) {
  if (task.placements.all().empty()) return;
  PrintLine("placed", "");
  for (const Placement& placement : task.placements.all()) {
    const PlacementOptions& options = placement.options();
    std::string text;
    const std::vector<NamedUnit> parameters = placement.parameters();
    const std::vector<TaskRanges> ranges = placement.ranges();
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      const auto& [name, unit] = parameters[i];
      const std::string number = name.substr(options.of.size() + 1);
      const TaskRange train = ranges[i].train, test = ranges[i].test;
      const bool is_mixed = number == "z" && options.z_share < 1;
      text += fmt::format(
          "{} {}{:g} to {:g}{}{}{}, ", number,
          is_mixed ? fmt::format("{:g} and, in {:g} %, ", train.low, 100 * options.z_share) : "",
          train.low, train.high, unit.empty() ? "" : " ", unit,
          test == train ? "" : fmt::format(" (test tasks {:g} to {:g})", test.low, test.high));
    }
    if (options.relative) text += "off the start, ";
    text += placement.per_task() ? "per task" : "in each episode";
    const std::string again = options.redraw.told();
    if (!again.empty()) text += " and anew " + again;
    if (options.after_success)
      text += again.empty() ? " and anew after success" : ", after success";
    if (!options.apart_from.empty()) {
      text += fmt::format(", {:g} m apart from {}", options.apart, options.apart_from);
    }
    fmt::print("  {:<22} {}\n", options.of, text + StartsOf(options));
  }
}

void PrintLatency(const RobotTask& task) {
  if (!task.latency) return;
  const std::string range = RangeText(task.latency->range, "s", GrowthOf(task.latency->per));
  PrintLine("latency", fmt::format("of actions, by {}, per {}", range, WordOf(task.latency->per)));
}

void PrintPushes(const RobotTask& task) {
  if (task.pushes.empty()) return;
  PrintLine("pushed", "");
  for (const Push& push : task.pushes) {
    const PushOptions& options = push.options();
    std::string more;
    if (!options.duration.empty()) {
      more += fmt::format(" over {:g} to {:g} s", options.duration[0], options.duration[1]);
    }
    if (options.from_begin) more += ", counted from the beginning of the one before";
    if (options.alike) more += ", alike within an episode";
    if (const auto& start = options.speed.start_range; !start.empty()) {
      more += fmt::format(", from {:g} to {:g} m/s on {}", start[0], start[1],
                          GrowthText(options.speed.growth, Growth::kIterations));
    }
    if (options.lift > 0) more += fmt::format(", up or down by {:g} m/s", options.lift);
    if (options.spin > 0) more += fmt::format(", spun by {:g} rad/s", options.spin);
    fmt::print("  {:<22} by {:g} to {:g} m/s{} every {:g} to {:g} s{}\n", options.body,
               options.speed.range[0], options.speed.range[1], more, options.every[0],
               options.every[1], options.steady ? ", the same time within an episode" : "");
  }
}

void PrintDrops(const RobotTask& task) {
  if (task.drops.empty()) return;
  PrintLine("dropped", "");
  for (const Drop& drop : task.drops) {
    const DropOptions& options = drop.options();
    fmt::print("  {:<22} in {:g} % of the episodes{}, then {:g} s of physics\n", options.body,
               100 * options.share, options.turned ? ", turned anyhow" : "", options.settle);
  }
}

// "; skipped: frame (mass 0)"
std::string SkippedText(const Randomization& randomization) {
  std::vector<std::string> reasons;
  for (const auto& skipped : randomization.skipped()) {
    if (std::ranges::count(reasons, skipped.reason) == 0) reasons.push_back(skipped.reason);
  }
  std::string text;
  for (const std::string& reason : reasons) {
    std::vector<std::string> names;
    for (const auto& skipped : randomization.skipped()) {
      if (skipped.reason == reason) names.push_back(skipped.name);
    }
    text += fmt::format("; skipped: {} ({})", Several(names), reason);
  }
  return text;
}

void PrintRandomizations(const RobotTask& task) {
  PrintLine("randomized", task.randomizations.empty() ? "nothing" : "");
  for (const Randomization& randomization : task.randomizations) {
    const RandomizationOptions& options = randomization.options();
    const int pairs = randomization.pairs();
    fmt::print("  {:<22} {} {} ({}), {} {}: {}{}{}\n", options.field, WordOf(options.operation),
               RangeText(options.range, "", GrowthOf(options.per)), WordOf(options.distribution),
               options.shared ? "one value per" : "one value for each, per", WordOf(options.per),
               Joined(randomization.elements()),
               pairs > 0 ? fmt::format("; with {} of the model", CountText(pairs, "pair")) : "",
               SkippedText(randomization));
  }
}

}  // namespace

void PrintVariety(const RobotTask& task) {
  PrintMotions(task);
  PrintCommands(task);
  PrintPlacements(task);
  PrintRandomizations(task);
  PrintLatency(task);
  PrintDrops(task);
  PrintPushes(task);
}

}  // namespace anole::app
