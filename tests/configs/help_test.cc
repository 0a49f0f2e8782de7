#include "configs/help.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <sstream>

namespace anole {
namespace {

TEST(HelpTest, AlignsFlagsAndGroupsOptions) {
  OptionLister lister;
  std::string family;
  std::int64_t steps = 1;
  double step_size = 0.3, range = 2;
  bool white = true;
  lister("task.family", family, {.help = "what a task is", .choices = {"ant", "cheetah"}});
  lister("inner.steps", steps, {.help = "gradient updates", .min = 0});
  lister("inner.step_size", step_size,
         {.help = "size of one of the gradient updates", .unit = "m", .min = 0, .positive = true});
  lister("inner.white", white, {.help = "whitens advantages"});
  lister.set_owner("ant");
  lister("task.range", range, {.help = "of the goals"});
  lister.set_owner("cheetah");
  lister("task.range", range, {.help = "of the goals"});

  EXPECT_EQ(FormatHelp("anole train EXPERIMENT [flags]", "Meta-trains a policy.",
                       {{"run-dir", "DIR", "where the run is stored"}, {"help", "", "this text"}},
                       lister.options()),
            R"(Usage: anole train EXPERIMENT [flags]

Meta-trains a policy.

Flags:
  --run-dir DIR             where the run is stored
  --help                    this text

[task]
  --task.family=WORD        what a task is (one of ant, cheetah)
  --task.range=NUMBER       of the goals (default 2.0; of ant, cheetah)

[inner]
  --inner.steps=INTEGER     gradient updates (at least 0; default 1)
  --inner.step_size=NUMBER  size of one of the gradient updates [m] (above 0;
                            default 0.3)
  --inner.white=true|false  whitens advantages (default true)
)");
}

TEST(HelpTest, ListsADefaultForEachOwnerWhereTheyDiffer) {
  OptionLister lister("vpg");
  double vpg = 0.1, ppo = 0.0003;
  lister("inner.step_size", vpg, {.help = "size"});
  lister.set_owner("ppo");
  lister("inner.step_size", ppo, {.help = "size"});
  EXPECT_EQ(FormatHelp("anole", "", {}, lister.options()),
            "Usage: anole\n\n[inner]\n"
            "  --inner.step_size=NUMBER  size (default 0.1; of vpg)\n"
            "  --inner.step_size=NUMBER  size (default 0.0003; of ppo)\n");
}

TEST(HelpTest, TellsNoDefaultWhereThereIsNone) {
  const OptionDescription option{.name = "inner.updates", .type = "integer", .help = "updates"};
  EXPECT_EQ(FormatHelp("anole", "", {}, {option}),
            "Usage: anole\n\n[inner]\n  --inner.updates=INTEGER  updates\n");
}

TEST(HelpTest, PutsHelpBelowALongName) {
  EXPECT_EQ(FormatHelp("anole", "", {{"a-flag-with-a-very-long-name", "ARGUMENT", "help"}}, {}),
            "Usage: anole\n\nFlags:\n  --a-flag-with-a-very-long-name ARGUMENT\n" +
                std::string(34, ' ') + "help\n");
}

TEST(HelpTest, FillsLinesTo80Columns) {
  const std::string half(40, 'x');
  const std::string almost_half(39, 'x');
  EXPECT_EQ(FormatHelp("anole", half + " " + almost_half, {}, {}),
            "Usage: anole\n\n" + half + " " + almost_half + "\n");
  EXPECT_EQ(FormatHelp("anole", half + " " + half, {}, {}),
            "Usage: anole\n\n" + half + "\n" + half + "\n");
}

TEST(HelpTest, WrapsAt80ColumnsAndKeepsParagraphs) {
  std::string words;
  for (int i = 0; i < 60; ++i) words += "m/s² ";  // more bytes than columns
  const std::string help = FormatHelp("anole", words + "\n\nSecond.", {{"flag", "", words}}, {});
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) {
    std::size_t columns = 0;
    for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    EXPECT_LE(columns, 80u) << line;
  }
  EXPECT_NE(help.find("\n\nSecond.\n"), std::string::npos) << help;
  // 16 words of 4 columns and the blanks between them fill a line.
  EXPECT_EQ(help.find('\n', 14) - 14, 16 * 5 + 15u) << help;
}

}  // namespace
}  // namespace anole
