#include "tools/plot/run_figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "configs/user_error.h"
#include "tools/count_text.h"

namespace anole {
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

Panel AdaptationPanel(const std::vector<Group>& groups) {
  const RunData& first = First(groups);
  const auto tasks = Common<std::int64_t>(groups, [](const RunData& run) {
    return run.adaptation.tasks > 0 ? std::optional(run.adaptation.tasks) : std::nullopt;
  });
  Panel panel{.title = tasks ? fmt::format("Adaptation to {} held-out tasks", *tasks)
                             : "Adaptation to held-out tasks",
              .x_label = fmt::format("{} of adaptation", SamplesName(first)),
              .y_label = first.score};
  bool same_samples = true;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    Curve curve = AdaptationCurve(groups[i]);
    if (curve.x.size() == 0) continue;
    // Of a single group the legend names two other curves.
    const CurveStyle style = groups.size() == 1 ? CurveStyle{kInk, Marker::kDisc} : StyleOf(i);
    if (!panel.curves.empty()) {
      const Vector& x = panel.curves.front().curve.x;
      same_samples = same_samples && x.size() == curve.x.size() && x == curve.x;
    }
    panel.curves.push_back({std::move(curve), style, CurveForm::kPoints});
  }
  if (panel.curves.empty()) return panel;
  if (same_samples) {
    const Vector& x = panel.curves.front().curve.x;
    panel.updates.assign(x.begin(), x.end());
  } else {
    panel.x_label += ", a marker for each update";
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

std::vector<LegendEntry> Legend(const std::vector<Group>& groups, const Panel& learning) {
  std::vector<LegendEntry> legend;
  if (groups.size() > 1) {
    for (std::size_t i = 0; i < groups.size(); ++i) {
      legend.push_back({StyleOf(i), Shortened(groups[i].name)});
    }
  }
  if (learning.curves.empty()) return legend;
  const auto updates = Common<std::int64_t>(groups, [](const RunData& run) {
    return run.learning.samples.size() > 0 ? std::optional(run.updates) : std::nullopt;
  });
  const std::string after = "training, " + (updates ? "after " + CountText(*updates, "update")
                                                    : "after the last updates");
  const std::string before = "training, before adaptation";
  const bool has_before =
      std::ranges::any_of(learning.curves, [](const auto& c) { return c.style.secondary; });
  if (groups.size() == 1) {
    legend.push_back({StyleOf(0), has_before ? after : "training"});
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
  if (seeds.contains(Spread::kTasks)) seeds.erase(Spread::kNone);
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
  }
  return text;
}

}  // namespace

Figure RunFigure(const std::vector<Group>& groups) {
  Panel learning = LearningPanel(groups), adaptation = AdaptationPanel(groups);
  Figure figure{.title = First(groups).family, .legend = Legend(groups, learning)};
  for (Panel* panel : {&learning, &adaptation}) {
    if (!panel->curves.empty()) figure.panels.push_back(std::move(*panel));
  }
  if (figure.panels.empty()) {
    throw UserError(groups.front().name +
                    ": some of its runs are not evaluated, others not trained");
  }
  figure.caption = Caption(figure.panels);
  return figure;
}

}  // namespace anole
