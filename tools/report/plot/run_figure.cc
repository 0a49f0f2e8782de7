#include "tools/report/plot/run_figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "configs/user_error.h"
#include "tools/run/count_text.h"

namespace anole::plot {
namespace {

// The value that all runs have which have one.
template <class T>
std::optional<T> Common(const std::vector<Group>& groups, auto&& value) {
  std::set<T> values;
  for (const Group& group : groups) {
    for (const auto& runs : group.methods) {
      for (const RunData& run : runs) {
        if (const std::optional<T> found = value(run)) values.insert(*found);
      }
    }
  }
  return values.size() == 1 ? std::optional(*values.begin()) : std::nullopt;
}

const RunData& First(const std::vector<Group>& groups) {
  return groups.front().methods.front().front();
}

const char* SamplesName(const RunData& run) {
  return run.rolls_out ? "environment steps" : "examples";
}

Panel LearningPanel(const std::vector<Group>& groups) {
  const RunData& first = First(groups);
  Panel panel{.title = "Meta-training, on training tasks",
              .x_label = SamplesName(first),
              .y_label = first.score};
  if (std::ranges::any_of(groups, IsSmoothed)) {
    panel.y_label += fmt::format(" (smoothed over {:g} % of a run)", 100 * kSmoothing);
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const Curve after = LearningCurve(groups[i], &LearningData::after);
    if (after.x.size() == 0) continue;
    // With a single update in training, the first batch is the last one.
    if (groups[i].methods.front().front().updates > 0) {
      Curve before = LearningCurve(groups[i], &LearningData::before);
      CurveStyle style = groups.size() == 1 ? StyleOf(1) : StyleOf(i);
      style.marker = Marker::kNone;
      style.secondary = true;
      // Two bands for each of many groups would hide each other.
      if (groups.size() > 1) before.low = before.high = Vector();
      panel.curves.push_back({std::move(before), style});
    }
    panel.curves.push_back({after, StyleOf(i)});
  }
  return panel;
}

// What most of the groups were evaluated on: the tasks of the first that was.
std::optional<report::EvaluatedTasks> TasksOf(const Group& group) {
  const AdaptationData& data = group.methods.front().front().adaptation;
  return data.scores.size() > 0 ? std::optional(data.tasks) : std::nullopt;
}
std::optional<report::EvaluatedTasks> TasksOf(const std::vector<Group>& groups) {
  for (const Group& group : groups) {
    if (const auto tasks = TasksOf(group)) return tasks;
  }
  return std::nullopt;
}

const CurveStyle kAdapted{kInk, Marker::kDisc}, kFromRandom{kGrey, Marker::kDiamond};

// Tasks that are learned again and again from the same examples: these do not grow with updates.
bool SamplesStand(const Vector& samples) {
  for (Eigen::Index k = 1; k < samples.size(); ++k) {
    if (samples[k] <= samples[k - 1]) return true;
  }
  return false;
}

// Over updates: as many as there are.
void CountUpdates(Panel& panel) {
  for (PanelCurve& shown : panel.curves) {
    Vector& x = shown.curve.x;
    for (Eigen::Index k = 0; k < x.size(); ++k) x[k] = static_cast<double>(k);
  }
  panel.x_label = "updates of adaptation";
}

// "update", "earlier episode", or what several groups have: "earlier episode or update".
std::string UpdateNames(const std::vector<Group>& groups) {
  std::set<std::string> names;
  for (const Group& group : groups) names.insert(group.methods.front().front().update_name);
  return fmt::format("{}", fmt::join(names, " or "));
}

Panel AdaptationPanel(const std::vector<Group>& groups) {
  const RunData& first = First(groups);
  const auto tasks = TasksOf(groups);
  Panel panel{.title = "Adaptation to " + (tasks ? report::TasksLabel(*tasks) : "tasks of tests"),
              .x_label = fmt::format("{} of adaptation", SamplesName(first)),
              .y_label = first.score};
  bool same_samples = true;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    Curve curve = AdaptationCurve(groups[i]);
    if (curve.x.size() == 0) continue;
    // Of a single group the legend names two other curves.
    const CurveStyle style = groups.size() == 1 ? kAdapted : StyleOf(i);
    if (!panel.curves.empty()) {
      const Vector& x = panel.curves.front().curve.x;
      same_samples = same_samples && x.size() == curve.x.size() && x == curve.x;
    }
    panel.curves.push_back({std::move(curve), style, CurveForm::kPoints});
  }
  if (panel.curves.empty()) return panel;
  panel.update_name = UpdateNames(groups);
  if (groups.size() == 1) {
    Curve curve = AdaptationCurve(groups.front(), &RunData::random_init);
    if (curve.x.size() > 0) {
      panel.curves.push_back({std::move(curve), kFromRandom, CurveForm::kPoints});
    }
  }
  if (std::ranges::any_of(panel.curves,
                          [](const auto& shown) { return SamplesStand(shown.curve.x); })) {
    CountUpdates(panel);
    return panel;
  }
  if (same_samples) {
    const Vector& x = panel.curves.front().curve.x;
    panel.updates.assign(x.begin(), x.end());
  }
  return panel;
}

// The end of a name that is too long for a legend: ends differ more often than beginnings.
std::string Shortened(const std::string& name) {
  constexpr std::size_t kMaxLength = 44;  // [bytes]
  if (name.size() <= kMaxLength) return name;
  std::size_t begin = name.size() - kMaxLength;
  while (begin < name.size() && (name[begin] & 0xC0) == 0x80) ++begin;  // not amid a letter
  return "\u2026" + name.substr(begin);
}

// "4 of 5 updates": the last score of an adaptation in training is of the batch that the last
// update learns from, unless the meta gradient draws one more.
std::string UpdatesText(const RunData& run) {
  const std::string all = CountText(run.inner_updates, run.update_name);
  return run.updates == run.inner_updates ? all : fmt::format("{} of {}", run.updates, all);
}

std::vector<LegendEntry> Legend(const std::vector<Group>& groups, const Panel& learning,
                                const Panel& adaptation) {
  std::vector<LegendEntry> legend;
  if (groups.size() > 1) {
    for (std::size_t i = 0; i < groups.size(); ++i) {
      legend.push_back({StyleOf(i), Shortened(groups[i].name)});
    }
  }
  // A curve that stands alone in its panel needs no name.
  if (groups.size() == 1 && adaptation.curves.size() > 1) {
    legend.push_back({kAdapted, "adaptation of what was learned"});
    legend.push_back({kFromRandom, "of random initial parameters"});
  }
  if (learning.curves.empty()) return legend;
  const auto updates = Common<std::string>(groups, [](const RunData& run) {
    return run.learning.samples.size() > 0 ? std::optional(UpdatesText(run)) : std::nullopt;
  });
  const std::string after = "training, after " + updates.value_or("updates, see below");
  const std::string before = "training, before adaptation";
  const bool has_before =
      std::ranges::any_of(learning.curves, [](const auto& c) { return c.style.secondary; });
  if (groups.size() == 1) {
    legend.push_back({StyleOf(0), has_before ? after : "training", !legend.empty()});
    if (has_before) legend.push_back({learning.curves.front().style, before});
  } else if (has_before) {
    legend.push_back({{kGrey}, after, /*new_line=*/true});
    legend.push_back({{kGrey, Marker::kNone, true}, before});
  }
  return legend;
}

std::string SpreadText(Spread spread) {
  switch (spread) {
    case Spread::kNone:
      return "no interval";
    case Spread::kTasks:
      return "bars are the 95 % interval of the mean over held-out tasks, not over seeds";
    case Spread::kAdaptations:
      return "bars are the 95 % interval over adaptations to the same tasks, not over seeds";
    case Spread::kRange:
      return "mean; bands and bars reach from the lowest to the highest run";
    case Spread::kInterval:
      return "interquartile mean over seeds; bands and bars are its 95 % bootstrap interval";
  }
  return "";
}

// "5 seeds: interquartile mean ...; 1 seed: ..."
std::string Caption(const std::vector<Panel>& panels) {
  std::map<Spread, std::set<std::int64_t>> seeds;
  for (const Panel& panel : panels) {
    for (const PanelCurve& shown : panel.curves) {
      seeds[shown.curve.spread].insert(shown.curve.seeds);
    }
  }
  if (seeds.contains(Spread::kTasks) || seeds.contains(Spread::kAdaptations)) {
    seeds.erase(Spread::kNone);
  }
  std::string text;
  for (const auto& [spread, counts] : seeds) {
    const std::int64_t least = *counts.begin(), most = *counts.rbegin();
    text += text.empty() ? "" : "; ";
    text += least < most ? fmt::format("{} to ", least) : "";
    text += CountText(most, "seed");
    text += ": " + SpreadText(spread);
  }
  text += ".";
  if (panels.back().curves.size() > 1 && panels.back().curves.front().form == CurveForm::kPoints) {
    text += " Bars of equal updates stand side by side.";
    if (panels.back().updates.empty()) text += " A marker is an " + panels.back().update_name + ".";
  }
  return text;
}

// "reptile 4 of 5 updates, k1 0 of 1 update", where they are not the same.
std::string UpdatesNote(const std::vector<Group>& groups) {
  std::string text;
  std::set<std::string> different;
  for (const Group& group : groups) {
    const RunData& run = group.methods.front().front();
    if (run.learning.samples.size() == 0) continue;
    different.insert(UpdatesText(run));
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : ", ", Shortened(group.name), UpdatesText(run));
  }
  return different.size() > 1 ? fmt::format(" In training, after: {}.", text) : "";
}

// "expert: 1 task, also trained on", where a group was evaluated on other tasks than the title's.
std::string TasksNote(const std::vector<Group>& groups) {
  const auto common = TasksOf(groups);
  std::string text;
  for (const Group& group : groups) {
    const auto tasks = TasksOf(group);
    if (!tasks || tasks == common) continue;
    text += fmt::format(" {}: adapts to {}{}.", Shortened(group.name), report::TasksLabel(*tasks),
                        group.methods.size() > 1 ? " each" : "");
  }
  return text;
}

// "2.4M"
std::string SamplesText(double samples) {
  return samples < 1e4 ? fmt::format("{:.0f}", samples) : fmt::format("{:.3g}M", samples / 1e6);
}

// What is left out of curves, which end with the shortest of their runs.
void WarnOfCuts(const std::vector<Group>& groups, std::vector<std::string>& warnings) {
  for (const Group& group : groups) {
    const auto cut = CutAt(group);
    if (!cut) continue;
    warnings.push_back(fmt::format(
        "{}: its learning curve ends with its shortest run, at {} {}; {} of {} runs go on, to {} "
        "at most",
        Shortened(group.name), SamplesText(cut->at), SamplesName(First(groups)), cut->longer,
        CountRuns(group), SamplesText(cut->longest)));
  }
}

// Options of the task that make scores, or steps, of groups mean different things. How tasks are
// mixed, shown or fixed in training, and in what unit a policy acts, is what methods differ in.
void WarnOfOtherTasks(const std::vector<Group>& groups, std::vector<std::string>& warnings) {
  const std::set<std::string> of_methods = {"task.mixture",       "task.observe_parameters",
                                            "task.fixed",         "task.action_range",
                                            "task.model_rewrite", "task.checksum"};
  std::vector<std::string> names;
  for (const Group& group : groups) {
    for (const OptionDescription& option : group.methods.front().front().options) {
      if (option.name.starts_with("task.") && !of_methods.contains(option.name) &&
          std::ranges::find(names, option.name) == names.end()) {
        names.push_back(option.name);
      }
    }
  }
  for (const std::string& name : names) {
    std::vector<std::pair<std::string, std::string>> of_groups;
    std::set<std::string> different;
    for (const Group& group : groups) {
      std::string value = "none";
      for (const OptionDescription& option : group.methods.front().front().options) {
        if (option.name == name) value = option.default_value;
      }
      different.insert(value);
      of_groups.emplace_back(Shortened(group.name), value);
    }
    if (different.size() == 1) continue;
    std::string text;
    for (const auto& [group, value] : of_groups) {
      text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", value, group);
    }
    warnings.push_back(fmt::format("not the same tasks: {} is {}", name, text));
  }
}

}  // namespace

Figure RunFigure(const std::vector<Group>& groups) {
  Panel learning = LearningPanel(groups), adaptation = AdaptationPanel(groups);
  Figure figure{.title = First(groups).family, .legend = Legend(groups, learning, adaptation)};
  for (Panel* panel : {&learning, &adaptation}) {
    if (!panel->curves.empty()) figure.panels.push_back(std::move(*panel));
  }
  if (figure.panels.empty()) {
    throw UserError(groups.front().name +
                    ": some of its runs are not evaluated, others not trained");
  }
  figure.caption = Caption(figure.panels) + UpdatesNote(groups) + TasksNote(groups);
  WarnOfCuts(groups, figure.warnings);
  WarnOfOtherTasks(groups, figure.warnings);
  for (const std::string& warning : figure.warnings) {
    figure.caption += fmt::format(" Note: {}.", warning);
  }
  return figure;
}

}  // namespace anole::plot
