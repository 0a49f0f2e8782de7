#include "tools/run/logs/run_health.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace anole {
namespace {

MetricsRow Healthy() {
  return {{"iteration", 7},        {"return/before", -60},  {"return/after_1", -20},
          {"return/after", -5},    {"meta/step_norm", 1.5}, {"meta/kl", 4.9},
          {"inner/diverged", 0.9}, {"inner/refused", 0.5},  {"inner/clipped", 0.4},
          {"kl/update_1", 1.2},    {"kl/update_2", 4.9}};
}

std::vector<OptionDescription> Options() {
  std::vector<OptionDescription> options;
  for (const auto& [name, value] :
       {std::pair("inner.step_size", "0.3"), std::pair("policy.log_std", "-0.5"),
        std::pair("meta.step_size", "1")}) {
    options.push_back({.name = name, .default_value = value});
  }
  return options;
}

void Set(MetricsRow& row, const std::string& name, double value) {
  std::ranges::find(row, name, &MetricsRow::value_type::first)->second = value;
}

// The kinds of warnings where `name` is `value` in the newest `count` rows of many, in all of which
// the return after adaptation is `after`.
std::vector<std::string> Kinds(const std::string& name, double value, std::size_t count,
                               double after = -5) {
  std::vector<MetricsRow> rows(10, Healthy());
  for (MetricsRow& row : rows) Set(row, "return/after", after);
  for (std::size_t i = rows.size() - count; i < rows.size(); ++i) Set(rows[i], name, value);
  std::vector<std::string> kinds;
  for (const HealthWarning& warning : Diagnose(rows, Options())) kinds.push_back(warning.kind);
  return kinds;
}

using Kind = std::vector<std::string>;
constexpr double kWorse = -80;  // than -60 before adaptation

TEST(RunHealth, AHealthyRunIsLeftInPeace) {
  EXPECT_TRUE(Diagnose({}, Options()).empty());
  EXPECT_TRUE(Diagnose(std::vector<MetricsRow>(10, Healthy()), Options()).empty());
  EXPECT_TRUE(Diagnose(std::vector<MetricsRow>(10), Options()).empty()) << "no such columns";
}

TEST(RunHealth, EachKindIsTold) {
  EXPECT_EQ(Kinds("kl/update_2", 5.1, 5, kWorse), Kind{"kl"});
  EXPECT_EQ(Kinds("kl/update_2", 51, 5, -59), Kind{"kl"});
  EXPECT_EQ(Kinds("meta/kl", 5.1, 3), Kind{"outer kl"});
  EXPECT_EQ(Kinds("inner/clipped", 0.51, 5, kWorse), Kind{"clipped"});
  EXPECT_EQ(Kinds("return/after", -60, 5), Kind{"no change"});
  EXPECT_EQ(Kinds("inner/refused", 1, 5), Kind{"refused"});
  EXPECT_EQ(Kinds("inner/diverged", 1, 2), Kind{"diverged"});
  EXPECT_EQ(Kinds("meta/step_norm", 0, 3), Kind{"no outer step"});
}

TEST(RunHealth, WhatComesAndGoesIsNot) {
  EXPECT_EQ(Kinds("kl/update_2", 500, 4, kWorse), Kind{});
  EXPECT_EQ(Kinds("inner/clipped", 0.96, 4, kWorse), Kind{});
  EXPECT_EQ(Kinds("return/after", -60, 4), Kind{});
  EXPECT_EQ(Kinds("inner/refused", 1, 4), Kind{});
  EXPECT_EQ(Kinds("inner/diverged", 1, 1), Kind{});
  EXPECT_EQ(Kinds("meta/step_norm", 0, 2), Kind{});
}

// With a single batch, before and after are the same measurement.
TEST(RunHealth, WhereNothingIsMeasuredAfterUpdatesThatIsNoFault) {
  std::vector<MetricsRow> rows(5, Healthy());
  for (MetricsRow& row : rows) {
    row.erase(row.begin() + 2);
    ASSERT_EQ(row[2].first, "return/after");
    row[2].second = -60;
    Set(row, "inner/clipped", 0.9);
    Set(row, "kl/update_2", 20);
  }
  EXPECT_TRUE(Diagnose(rows, Options()).empty());
  for (MetricsRow& row : rows) Set(row, "kl/update_2", 60);
  ASSERT_EQ(Diagnose(rows, Options()).size(), 1U);
  EXPECT_TRUE(Diagnose(rows, Options())[0].text.starts_with("an update moves the policy"));
}

TEST(RunHealth, LongUpdatesThatPayAreNot) {
  EXPECT_EQ(Kinds("kl/update_2", 500, 5, -50), Kind{});
  EXPECT_EQ(Kinds("kl/update_2", 6, 5, -59), Kind{});
  EXPECT_EQ(Kinds("inner/clipped", 1, 5, -50), Kind{});
}

// The newest of five rows of a kind, with these options.
std::string TextOf(const std::string& kind, const std::vector<MetricsRow>& rows,
                   const std::vector<OptionDescription>& options) {
  for (const HealthWarning& warning : Diagnose(rows, options)) {
    if (warning.kind == kind) return warning.text;
  }
  return "";
}

TEST(RunHealth, NamesTheNoiseWhereThereIsNextToNone) {
  std::vector<MetricsRow> rows(5, Healthy());
  for (MetricsRow& row : rows) {
    row.emplace_back("inner/log_std", -20);
    Set(row, "kl/update_2", 1e17);
    Set(row, "meta/kl", 99);
    Set(row, "return/after", kWorse);
  }
  std::vector<OptionDescription> options = Options();
  options[1].default_value = "-20.0";
  for (const char* kind : {"kl", "outer kl"}) {
    EXPECT_TRUE(TextOf(kind, rows, options).ends_with("; look at policy.log_std (now -20.0)"))
        << TextOf(kind, rows, options);
  }
  options.push_back({.name = "policy.log_std_final", .default_value = "-19"});
  options[1].default_value = "-0.5";
  EXPECT_TRUE(TextOf("kl", rows, options).ends_with("look at policy.log_std_final (now -19)"));
  for (MetricsRow& row : rows) row.back().second = -1.5;
  EXPECT_TRUE(TextOf("kl", rows, options).ends_with("look at inner.step_size (now 0.3)"));
}

TEST(RunHealth, NamesStepsOfNoLength) {
  std::vector<MetricsRow> rows(5, Healthy());
  for (MetricsRow& row : rows) {
    Set(row, "kl/update_1", 0);
    Set(row, "kl/update_2", 0);
  }
  std::vector<OptionDescription> options = Options();
  options[0].default_value = "0.0";
  EXPECT_TRUE(TextOf("no change", rows, options).ends_with("; look at inner.step_size (now 0.0)"));
  for (MetricsRow& row : rows) Set(row, "meta/step_norm", 0);
  EXPECT_EQ(Diagnose(rows, options).size(), 1U) << "all else follows from it";
  EXPECT_TRUE(
      TextOf("no outer step", rows, options).ends_with("look at inner.step_size (now 0.0)"));
}

TEST(RunHealth, UpdatesThatMoveNothingAreTold) {
  std::vector<MetricsRow> rows(5, Healthy());
  for (MetricsRow& row : rows) {
    Set(row, "kl/update_1", 1e-15);
    Set(row, "kl/update_2", 0);
  }
  EXPECT_NE(TextOf("no change", rows, Options()), "");
  for (MetricsRow& row : rows) Set(row, "inner/refused", 1);
  EXPECT_EQ(TextOf("no change", rows, Options()), "") << "that is told in other words";
}

TEST(RunHealth, NamesTheOptionsThatTheRunHas) {
  std::vector<MetricsRow> rows(5, Healthy());
  for (MetricsRow& row : rows) {
    Set(row, "kl/update_2", 57.25);
    Set(row, "return/after", kWorse);
  }
  const std::vector<HealthWarning> warnings = Diagnose(rows, Options());
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_NE(warnings[0].text.find("57.2"), std::string::npos) << warnings[0].text;
  EXPECT_TRUE(warnings[0].text.ends_with("look at inner.step_size (now 0.3)")) << warnings[0].text;
}

}  // namespace
}  // namespace anole
