#include "tools/app/synonyms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tools/app/command.h"
#include "tools/run/experiment.h"

namespace anole::app {
namespace {

TEST(Synonyms, NameOnlyWhatThereIs) {
  std::set<std::string> known;
  for (const OptionDescription& option : Experiment::Catalogue()) known.insert("--" + option.name);
  for (const Command* command : Commands()) {
    for (const Flag& flag : command->flags) known.insert("--" + flag.name);
  }
  for (const Synonym& synonym : Synonyms()) {
    for (const std::string& option : OptionsNamedIn(synonym.meaning)) {
      EXPECT_TRUE(known.contains(option)) << option << " in: " << synonym.meaning;
    }
  }
}

TEST(Synonyms, AreEachKnownOnceAndNoOptionThemselves) {
  const auto commands = Commands();
  const auto train = std::ranges::find(commands, "train", &Command::name);
  ASSERT_NE(train, commands.end());
  std::set<std::string_view> seen;
  for (const Synonym& synonym : Synonyms()) {
    for (const std::string_view name : synonym.names) {
      EXPECT_TRUE(seen.insert(name).second) << name;
      for (const Flag& flag : (*train)->flags) EXPECT_NE(flag.name, name);
      EXPECT_EQ(MeaningOf("--" + std::string(name)), synonym.meaning);
    }
  }
}

TEST(Synonyms, AreFoundHoweverTheyAreSpelt) {
  const std::string_view meaning = MeaningOf("--lr");
  EXPECT_NE(meaning.find("--inner.step_size"), std::string_view::npos);
  for (const char* typed : {"--learning-rate", "--learning_rate", "--Learning_Rate", "-lr"}) {
    EXPECT_EQ(MeaningOf(typed), meaning) << typed;
  }
  EXPECT_EQ(MeaningOf("--"), "");
  EXPECT_EQ(MeaningOf("--frobnicate"), "");
  EXPECT_EQ(MeaningOf("--" + std::string(2'000'000, 'l')), "");
}

TEST(Synonyms, KnowTheUsualNames) {
  for (const char* name : {"lr",
                           "learning-rate",
                           "gamma",
                           "total-timesteps",
                           "device",
                           "n-envs",
                           "num-envs",
                           "n-steps",
                           "num-steps",
                           "batch-size",
                           "ent-coef",
                           "gae-lambda",
                           "clip-range",
                           "clip-coef",
                           "env",
                           "env-id",
                           "meta-batch-size",
                           "fast-lr",
                           "inner-lr",
                           "outer-lr",
                           "meta-lr",
                           "adapt-steps",
                           "adapt-batch-size",
                           "hidden-sizes",
                           "max-grad-norm",
                           "n-epochs",
                           "steps",
                           "epochs",
                           "cuda"}) {
    if (std::string_view(name) == "gae-lambda") continue;  // is called so here, too
    EXPECT_NE(MeaningOf(std::string("--") + name), "") << name;
  }
}

// An option or flag of that name would be one of them, not the one that most people mean.
TEST(Synonyms, OfStepsAndEpochsNameWhatMostMean) {
  EXPECT_EQ(OptionsNamedIn(MeaningOf("--steps")).front(), "--run.max_env_steps");
  EXPECT_EQ(OptionsNamedIn(MeaningOf("--epochs")).front(), "--meta.iterations");
}

TEST(OptionsNamedIn, FindsThem) {
  EXPECT_EQ(OptionsNamedIn("use --a.b_c=1 (or --d-e), as in 1-2, --f."),
            (std::vector<std::string>{"--a.b_c", "--d-e", "--f"}));
}

}  // namespace
}  // namespace anole::app
