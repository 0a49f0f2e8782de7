#include "configs/option.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "configs/lister.h"
#include "configs/reader.h"
#include "configs/settings.h"

namespace anole {
namespace {

enum class Gait { kWalk, kTrot };

constexpr auto WordsOf(Gait) { return Words<Gait>({{Gait::kWalk, "walk"}, {Gait::kTrot, "trot"}}); }

struct Leg {
  double length = 0.5;

  static void Describe(VisitOf<Leg> visit, const std::string& name = "leg.length") {
    visit(name, &Leg::length, {.help = "", .min = 0});
  }
};

struct Animal {
  Gait gait = Gait::kWalk;
  double speed = 1;  // only when it trots

  static void Describe(VisitOf<Animal> visit) {
    visit("animal.gait", &Animal::gait, {.help = ""});
    if (visit->gait == Gait::kTrot || visit.everything()) {
      visit("animal.speed", &Animal::speed, {.help = ""});
    }
  }
};

struct Horse : Animal {
  Leg fore, hind;
  std::int64_t stride = 0;  // follows from fore.length, when that is read

  static void Describe(VisitOf<Horse> visit) {
    Animal::Describe(visit);
    visit(&Horse::fore);
    if (Horse* const read = visit.reading())
      read->stride = static_cast<std::int64_t>(read->fore.length);
    visit(&Horse::hind, "leg.hind");
  }
};

std::vector<std::string> Names(const std::vector<OptionDescription>& options) {
  std::vector<std::string> names;
  for (const OptionDescription& option : options) names.push_back(option.name);
  return names;
}

// So no reader of options can be one that changes them.
static_assert(!std::is_constructible_v<VisitOf<Horse>, const Horse&, OptionSource&>);
static_assert(std::is_constructible_v<VisitOf<Horse>, const Horse&, OptionVisitor&>);

TEST(VisitOf, LooksAtConstOptions) {
  const Horse horse;
  OptionLister lister("", OptionLister::Which::kApplying);
  Horse::Describe({horse, lister});
  EXPECT_EQ(Names(lister.options()),
            (std::vector<std::string>{"animal.gait", "leg.length", "leg.hind"}));
  EXPECT_EQ(lister.options()[0].default_value, "\"walk\"");
  EXPECT_EQ(lister.options()[1].default_value, "0.5");
}

TEST(VisitOf, DocumentationHasWhatDoesNotApply) {
  OptionLister lister;
  Horse::Describe({Horse(), lister});
  EXPECT_EQ(Names(lister.options()),
            (std::vector<std::string>{"animal.gait", "animal.speed", "leg.length", "leg.hind"}));
}

TEST(VisitOf, ReadingGivesValuesToPartsAndBases) {
  const Settings settings = Settings::FromText(
      "animal = {gait = 'trot', speed = 7}\nleg = {length = 3, hind = 2}", "horse.toml");
  SettingsReader reader(settings);
  Horse horse;
  Horse::Describe({horse, reader});
  reader.RejectUnknown({});
  EXPECT_EQ(horse.gait, Gait::kTrot);
  EXPECT_EQ(horse.speed, 7);
  EXPECT_EQ(horse.fore.length, 3);
  EXPECT_EQ(horse.hind.length, 2);
}

TEST(VisitOf, OnlyReadingChangesWhatFollowsFromAValue) {
  Horse horse;
  horse.fore.length = 3;
  OptionLister lister;
  Horse::Describe({horse, lister});
  EXPECT_EQ(horse.stride, 0);
  const Settings none;
  SettingsReader reader(none);
  Horse::Describe({horse, reader});
  EXPECT_EQ(horse.stride, 3);
}

// As of a registry.
struct Maker {
  Leg leg;
  void Describe(OptionVisitor& visitor) const { Leg::Describe({leg, visitor}); }
  void Describe(OptionSource& source) { Leg::Describe({leg, source}); }
};

struct Herd {
  std::unique_ptr<Maker> maker = std::make_unique<Maker>();
  static void Describe(VisitOf<Herd> visit) { visit(&Herd::maker); }
};

TEST(VisitOf, VisitsComponents) {
  const Settings settings = Settings::FromText("leg.length = 3", "herd.toml");
  SettingsReader reader(settings);
  Herd herd;
  Herd::Describe({herd, reader});
  EXPECT_EQ(herd.maker->leg.length, 3);
  OptionLister lister;
  const Herd& seen = herd;
  Herd::Describe({seen, lister});
  ASSERT_EQ(lister.options().size(), 1u);
  EXPECT_EQ(lister.options()[0].default_value, "3.0");
}

}  // namespace
}  // namespace anole
