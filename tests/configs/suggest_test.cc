#include "configs/suggest.h"

#include <gtest/gtest.h>

namespace anole {
namespace {

const std::vector<std::string> kOptions = {"inner.step_size", "inner.steps", "evaluation.seed",
                                           "task.family", "meta.batch_size"};

TEST(NearestTest, ForgivesSlipsOfTheFinger) {
  EXPECT_EQ(Nearest("inner.step_siez", kOptions), "inner.step_size");
  EXPECT_EQ(Nearest("inner.stepsize", kOptions), "inner.step_size");
  EXPECT_EQ(Nearest("iner.step_size", kOptions), "inner.step_size");
  EXPECT_EQ(Nearest("task.famly", kOptions), "task.family");
}

TEST(NearestTest, AllowsOneErrorInThreeLetters) {
  EXPECT_EQ(Nearest("xgd", {"sgd"}), "sgd");
  EXPECT_EQ(Nearest("xyd", {"sgd"}), "");
  EXPECT_EQ(Nearest("stxx", {"step"}), "");
  EXPECT_EQ(Nearest("stexx", {"steps"}), "steps");
  EXPECT_EQ(Nearest("abcdexxxxxxx", {"abcdefghijkl"}), "") << "three at the most";
}

TEST(NearestTest, CountsSwappedLettersAsOneError) {
  EXPECT_EQ(Nearest("gsd", {"sgd"}), "sgd");
  EXPECT_EQ(Nearest("gsx", {"sgd"}), "");
  EXPECT_EQ(Nearest("abc", {"bxc", "xac"}), "") << "half a swap is two errors";
}

TEST(NearestTest, ForgivesCaseAndDashes) {
  EXPECT_EQ(Nearest("--Inner.Step-Size", kOptions), "inner.step_size");
  EXPECT_EQ(Nearest("--rundir", {"--run-dir", "--overwrite"}), "--run-dir");
  EXPECT_EQ(Nearest("--run_dir", {"--run-dir", "--overwrite"}), "--run-dir");
}

TEST(NearestTest, ForgivesAForgottenOrWrongSection) {
  EXPECT_EQ(Nearest("--step_size", kOptions), "inner.step_size");
  EXPECT_EQ(Nearest("seed", kOptions), "evaluation.seed");
  EXPECT_EQ(Nearest("outer.batch_size", kOptions), "meta.batch_size");
}

TEST(NearestTest, CompletesABeginning) {
  EXPECT_EQ(Nearest("cheetah", {"ant-goal", "cheetah-velocity"}), "cheetah-velocity");
  EXPECT_EQ(Nearest("--over", {"--overwrite"}), "--overwrite");
  EXPECT_EQ(Nearest("batch", kOptions), "meta.batch_size");
  EXPECT_EQ(Nearest("meta.ba", kOptions), "meta.batch_size");
  EXPECT_EQ(Nearest("ba", kOptions), "") << "two letters say too little";
  EXPECT_EQ(Nearest("--out", {"--meta.outer_steps"}), "") << "so do three in the midst of a word";
  EXPECT_EQ(Nearest("ant", {"ant-goal"}), "ant-goal");
}

TEST(NearestTest, PrefersAFlagToAnOptionThatIsCalledAlike) {
  const std::vector<std::string> known = {"--evaluation.seed", "--run.seed", "--seed", "--seeds"};
  EXPECT_EQ(Nearest("--sed", known), "--seed");
  EXPECT_EQ(Nearest("--seeed", known), "--seed");
  EXPECT_EQ(Nearest("--sees", known), "--seed");
  EXPECT_EQ(Nearest("--run.sed", known), "--run.seed");
}

TEST(NearestTest, NeverNamesTheWordItself) {
  EXPECT_EQ(Nearest("arm[0]", {"arm[0]"}), "");
  EXPECT_EQ(Nearest("arm[0]", {"arm[0]", "arm[1]"}), "arm[1]");
  EXPECT_EQ(DidYouMean("sgd", {"sgd"}), "");
}

TEST(NearestTest, TakesNoTimeForWordsOfAnyLength) {
  const std::string huge(2'000'000, 'a');
  std::vector<std::string> known(1000, "inner.step_size");
  EXPECT_EQ(Nearest(huge, known), "");
  known.push_back(huge + "b");
  EXPECT_EQ(Nearest(huge, known), "");
  EXPECT_EQ(Suggestion("step", {huge}), "") << "a message is no place for it";
}

TEST(NearestTest, PrefersTheSameSection) {
  EXPECT_EQ(Nearest("meta.step_sizes", {"inner.step_sizes", "meta.step_size"}), "meta.step_size");
}

TEST(NearestTest, PrefersANearerWordToACompletion) {
  EXPECT_EQ(Nearest("step", {"steps_per_task", "stop"}), "stop");
}

TEST(NearestTest, FindsNothingInWordsThatAreFar) {
  EXPECT_EQ(Nearest("adam", {"sgd", "momentum"}), "");
  EXPECT_EQ(Nearest("vpg", {"ppo"}), "");
  EXPECT_EQ(Nearest("x", {"y"}), "");
  EXPECT_EQ(Nearest("", {"a", ""}), "");
  EXPECT_EQ(Nearest("word", {}), "");
}

TEST(SuggestionTest, NamesTheNearest) {
  EXPECT_EQ(Suggestion("momentun", {"sgd", "momentum"}), "; did you mean 'momentum'?");
}

TEST(SuggestionTest, NamesAllThatAreEquallyNear) {
  const std::vector<std::string> known = {"inner.updates", "evaluation.updates", "inner.updates",
                                          "validation.updates"};
  EXPECT_EQ(Suggestion("updates", {"a.updates", "b.updates"}),
            "; did you mean 'a.updates' or 'b.updates'?");
  EXPECT_EQ(Suggestion("updats", known),
            "; did you mean 'inner.updates', 'evaluation.updates' or 'validation.updates'?");
  EXPECT_EQ(Suggestion("cheetah", {"cheetah-direction", "ant", "cheetah-velocity"}),
            "; did you mean 'cheetah-direction' or 'cheetah-velocity'?");
  EXPECT_EQ(DidYouMean("x.y", {"a.y", "b.y", "c.y", "d.y", "e.y"}), "") << "five are a guess";
}

TEST(SuggestionTest, ListsFewNamesWhenNoneIsNear) {
  EXPECT_EQ(Suggestion("rmsprop", {"adam", "sgd", "adam"}), "; known: adam, sgd");
}

TEST(SuggestionTest, IsSilentWhenThereAreManyOrNone) {
  const std::vector<std::string> twelve = {"aa", "bb", "cc", "dd", "ee", "ff",
                                           "gg", "hh", "ii", "jj", "kk", "ll"};
  EXPECT_EQ(Suggestion("other", twelve), "; known: aa, bb, cc, dd, ee, ff, gg, hh, ii, jj, kk, ll");
  std::vector<std::string> thirteen = twelve;
  thirteen.emplace_back("mm");
  EXPECT_EQ(Suggestion("other", thirteen), "");
  EXPECT_EQ(Suggestion("other", {}), "");
}

}  // namespace
}  // namespace anole
