#include "configs/registry.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "configs/reader.h"
#include "tests/configs/error_of.h"

namespace anole {
namespace {

class Runner {
 public:
  virtual ~Runner() = default;
  virtual double Speed() const = 0;
};

class Cheetah : public Runner {
 public:
  struct Options {
    double stride = 2;
    static void Describe(VisitOf<Options> visit) {
      visit("cheetah.stride", &Options::stride, {.help = "length"});
    }
  };
  Cheetah(const Options& options, int legs) : speed_(options.stride * legs) {}
  double Speed() const override { return speed_; }

 private:
  double speed_;
};

class Ant : public Runner {
 public:
  struct Options {
    static void Describe(VisitOf<Options>) {}
  };
  Ant(const Options&, int legs) : legs_(legs) {}
  double Speed() const override { return legs_; }

 private:
  int legs_;
};

const Registration<Runner, Cheetah, int> kCheetah("cheetah", "runs");
const Registration<Runner, Ant, int> kAnt("ant", "walks");
using Runners = Registry<Runner, int>;

TEST(RegistryTest, ListsItsComponentsInAlphabeticalOrder) {
  EXPECT_EQ(Runners::names(), (std::vector<std::string>{"ant", "cheetah"}));
  EXPECT_EQ(Runners::entries().at("cheetah").summary, "runs");
}

TEST(RegistryTest, MakesAComponentFromItsOptions) {
  const auto maker = Runners::NewMaker("cheetah");
  const Settings settings = Settings::FromText("cheetah.stride = 3", "run.toml");
  SettingsReader reader(settings);
  maker->Describe(reader);
  EXPECT_EQ(maker->Make(4)->Speed(), 12);
  EXPECT_EQ(Runners::NewMaker("cheetah")->Make(4)->Speed(), 8) << "makers do not share options";
}

TEST(RegistryTest, SuggestsNames) {
  EXPECT_EQ(ErrorOf([] { Runners::NewMaker("cheeta"); }),
            "unknown name 'cheeta'; did you mean 'cheetah'?");
}

TEST(RegistryTest, RefusesTwoComponentsOfOneName) {
  EXPECT_THROW((Registration<Runner, Ant, int>("cheetah", "")), std::logic_error);
}

}  // namespace
}  // namespace anole
