// Every combination of the registries trains, or is refused at once by a UserError that says why.
#include <gtest/gtest.h>

#include "configs/user_error.h"
#include "tests/envs/alphabet_folder.h"
#include "tests/envs/every_family.h"
#include "tools/run/experiment.h"

namespace anole {
namespace {

// Two tiny meta-iterations; the refusal, or "" if it was none.
std::string Train(Settings settings) {
  for (const auto& [name, value] : {std::pair("meta.batch_size", "2"), {"inner.updates", "2"}}) {
    settings.Set(name, value);
  }
  try {
    Experiment experiment(settings);
    const auto loop = experiment.MakeLoop();
    const auto gradient = experiment.MakeGradient();
    const auto optimizer = experiment.MakeOptimizer();
    const Trainer trainer(experiment.trainer, 1, *loop, *gradient, *optimizer);
    MetaState state = loop->Initial(1);
    const Vector theta = state.theta;
    for (int i = 0; i < 2; ++i) trainer.Step(state);
    EXPECT_EQ(state.optimizer.size(), optimizer->memory_size(state.theta.size()));
    EXPECT_TRUE(state.theta.allFinite());
    EXPECT_TRUE(state.context.allFinite());
    EXPECT_NE(state.theta, theta);
    EXPECT_GT(state.samples, 0);
    return "";
  } catch (const UserError& error) {
    EXPECT_GT(std::string_view(error.what()).size(), 40) << "no reason: " << error.what();
    return error.what();
  }
}

Settings Tiny(const std::string& family) {
  Settings settings = Settings::FromText("inner.rollouts = 3\npolicy.hidden = [4]", "test");
  if (family.starts_with("robot/")) {
    settings.Set("task.family", "robot");
    settings.Set("task.file", ANOLE_SOURCE_DIR "/configs/robots" + family.substr(5) + ".toml");
  } else {
    settings.Set("task.family", family);
  }
  return settings;
}

// trpo finds the length of its steps by itself, be they inner or outer ones; maml and promp
// differentiate updates of vpg alone; outer trpo takes one step along the gradient of an objective.
// memory has neither steps nor a fit, and leaves Reptile nothing to go towards.
bool IsRefused(const std::string& learner, const std::string& gradient,
               const std::string& optimizer, bool learns_step_sizes, const std::string& baseline) {
  if (optimizer == "trpo" && gradient != "maml") return true;
  if (learner == "memory") {
    return learns_step_sizes || baseline == "critic" || gradient == "reptile";
  }
  const bool differentiates = gradient == "maml" || gradient == "promp";
  return (learner == "trpo" && learns_step_sizes) ||
         (differentiates && (learner != "vpg" || baseline == "critic"));
}

TEST(EveryCombination, OfLearnersAndMetaLearnersTrains) {
  for (const std::string& learner : InnerLearners::names()) {
    for (const std::string& gradient : MetaGradients::names()) {
      for (const std::string& optimizer : OuterOptimizers::names()) {
        for (const char* log_std : {"fixed", "learned", "scheduled"}) {
          for (const auto& [on, baseline] :
               {std::pair(false, "linear"), {true, "linear"}, {true, "critic"}}) {
            SCOPED_TRACE(learner + ", " + gradient + ", " + optimizer + ", " + log_std + ", " +
                         baseline + (on ? ", mixture, learned steps" : ""));
            Settings settings = Tiny("point-navigation");
            settings.Set("task.horizon", "7");
            settings.Set("inner.learner", learner);
            settings.Set("meta.gradient", gradient);
            settings.Set("meta.optimizer", optimizer);
            // A step of 1 is Reptile's; along gradients it goes so far that training ends there.
            if (optimizer != "trpo") settings.Set("meta.step_size", "0.1");
            settings.Set("meta.anneal_iterations", "5");
            settings.Set("policy.log_std_mode", log_std);
            settings.Set("task.mixture", on ? "true" : "false");
            settings.Set("inner.learn_step_sizes", on ? "true" : "false");
            settings.Set("inner.baseline", baseline);
            if (learner == "memory") settings.Set("policy.gru", "3");
            EXPECT_EQ(!Train(settings).empty(),
                      IsRefused(learner, gradient, optimizer, on, baseline));
          }
        }
      }
    }
  }
}

TEST(EveryCombination, OfLearnersAndFamiliesTrains) {
  for (const std::string& family : EveryFamilyName()) {
    for (const std::string& learner : InnerLearners::names()) {
      SCOPED_TRACE(family + ", " + learner);
      Settings settings = Tiny(family);
      if (!family.starts_with("robot/")) settings.Set("task.horizon", "5");
      settings.Set("inner.learner", learner);
      settings.Set("inner.learn_step_sizes", "false");
      if (learner == "memory") {
        settings.Set("policy.gru", "3");
        settings.Set("meta.gradient", "fomaml");
      }
      EXPECT_EQ(Train(settings), "");
    }
  }
}

TEST(EveryCombination, OfDataFamiliesAndMetaLearnersTrains) {
  const AlphabetFolder alphabets;
  for (const std::string& family : DataFamilies::names()) {
    for (const std::string& gradient : MetaGradients::names()) {
      for (const std::string& optimizer : OuterOptimizers::names()) {
        SCOPED_TRACE(family + ", " + gradient + ", " + optimizer);
        Settings settings = Settings::FromText("model.hidden = [4]", "test");
        settings.Set("task.family", family);
        settings.Set("meta.gradient", gradient);
        settings.Set("meta.optimizer", optimizer);
        if (family == "few-shot") {
          settings.Set("task.folder", alphabets.path().string());
          settings.Set("task.image_size", std::to_string(AlphabetFolder::kSize));
          settings.Set("task.train_shots", "2");
        }
        EXPECT_EQ(!Train(settings).empty(), gradient == "promp" || optimizer == "trpo");
      }
    }
  }
}

}  // namespace
}  // namespace anole
