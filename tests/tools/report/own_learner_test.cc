// Learners as somebody adds them, each in one file: this one. What is told of inner steps must not
// come from a list of the learners that there are.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "agents/control/policy_gradient.h"
#include "agents/parallel_for.h"
#include "tests/configs/error_of.h"
#include "tools/report/compare/report.h"
#include "tools/report/compare/spec.h"
#include "tools/report/compare/sweep.h"
#include "tools/report/plot/groups.h"
#include "tools/run/experiment.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

// phi += reach * g / |g|
class Walker : public InnerLearner {
 public:
  struct Options {
    double reach = 0.01;

    static void Describe(VisitOf<Options> visit) {
      visit("inner.reach", &Options::reach,
            {.help = "of a step", .max = 1e6, .positive = true, .is_inner_step = true});
    }
  };

  explicit Walker(const Options& options) : reach_(options.reach) {}

  UpdateStats Update(const ControlPolicy<float>& policy, std::span<const Samples> samples,
                     const UpdateContext& context, Vector& /*memory*/,
                     VectorOut params) const override {
    UpdateStats stats = Begin(PolicyGradient(policy, samples), samples);
    if (stats.refused || stats.gradient.norm() == 0) return stats;
    const Vector step = reach_ * stats.gradient.normalized().cwiseProduct(context.step_scale);
    params += step;
    stats.step_norm = step.norm();
    return stats;
  }

 private:
  double reach_;
};

// The same, without an option.
class Strider : public Walker {
 public:
  struct Options {
    static void Describe(VisitOf<Options> /*visit*/) {}
  };

  explicit Strider(const Options& /*options*/) : Walker(Walker::Options()) {}
};

const RegisterLearner<Walker> walker("test-walker", "steps of a given length");
const RegisterLearner<Strider> strider("test-strider", "steps of a length of its own");

class OwnLearnerTest : public testing::Test {
 protected:
  OwnLearnerTest() {
    fs::create_directories(folder_);
    Write("base.toml",
          "[task]\nfamily = 'point-navigation'\nhorizon = 5\n[policy]\nhidden = [4]\n"
          "[inner]\nupdates = 1\nrollouts = 2\n[meta]\nbatch_size = 2\n"
          "[evaluation]\ntasks = 2\nrollouts = 2\nupdates = 1\n");
  }
  ~OwnLearnerTest() override { fs::remove_all(folder_); }

  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }

  compare::CompareResult Compare(const std::string& methods) const {
    Write("spec.toml", "[compare]\nconfig = 'base.toml'\nenv_steps = 100\nseeds = [1]\n" + methods);
    compare::CompareResult result;
    WithThreads(1, [&] {
      EXPECT_TRUE(compare::RunSweep(compare::ReadCompareSpec(folder_ / "spec.toml"),
                                    folder_ / "runs", Alone(), {}, result));
    });
    return result;
  }

  fs::path folder_ =
      fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(OwnLearnerTest, StepsAreFoundByTheirDescription) {
  Settings settings = Settings::FromFile(folder_ / "base.toml");
  settings.Set("inner.learner", "test-walker");
  settings.Set("inner.reach", "0.25");
  const auto step = Experiment(settings).step_option();
  ASSERT_TRUE(step);
  EXPECT_EQ(step->name, "inner.reach");
  EXPECT_EQ(step->value, 0.25);
  EXPECT_FALSE(Experiment(Settings::FromText("inner.learner = 'test-strider'", "x")).step_option());
  EXPECT_EQ(Experiment(Settings::FromText("inner.learner = 'trpo'", "x")).step_option()->name,
            "inner.kl");
}

TEST_F(OwnLearnerTest, AreComparedAndPlotted) {
  const compare::CompareResult result = Compare(
      "tune = [1, 2]\n[method.vpg]\n[method.walker]\ninner.learner = 'test-walker'\n"
      "inner.reach = 0.5\n[method.strider]\ninner.learner = 'test-strider'\n");
  ASSERT_EQ(result.methods.size(), 3u);
  EXPECT_EQ(result.methods[1].step_size, 0.5 * result.methods[1].step_factor);
  EXPECT_TRUE(std::isnan(result.methods[2].step_size));
  EXPECT_EQ(result.methods[2].step_factor, 1) << "it has nothing to tune";
  EXPECT_NE(compare::MarkdownReport(result).find("| none |"), std::string::npos);
  std::ofstream(folder_ / "runs" / "results.json") << compare::JsonReport(result);
  EXPECT_EQ(plot::ReadGroups({(folder_ / "runs").string()}).size(), 3u);
  const auto groups = plot::ReadGroups(
      {(folder_ / "runs/walker-1").string(), (folder_ / "runs/strider-1").string()});
  ASSERT_EQ(groups.size(), 2u);
  for (const plot::Group& group : groups) {
    EXPECT_EQ(group.methods[0][0].adaptation.scores.size(), 2) << group.name;
  }
}

TEST_F(OwnLearnerTest, WhatCannotBeTunedSaysSo) {
  const std::string error = ErrorOf(
      [&] { Compare("[method.strider]\ninner.learner = 'test-strider'\ntune = [1, 2]\n"); });
  EXPECT_NE(error.find("[method.strider]: tune: no option"), std::string::npos) << error;
}

}  // namespace
}  // namespace anole
