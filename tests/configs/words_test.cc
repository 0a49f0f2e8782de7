#include "configs/words.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace anole {
namespace {

enum class Gait { kWalk, kTrot, kForgotten };

constexpr auto WordsOf(Gait) { return Words<Gait>({{Gait::kTrot, "trot"}, {Gait::kWalk, "walk"}}); }

static_assert(WordOf(Gait::kWalk) == "walk");
static_assert(ValueOfWord<Gait>("trot") == Gait::kTrot);

TEST(Words, NameEachValueByItsOwn) {
  for (const Gait gait : {Gait::kWalk, Gait::kTrot}) {
    EXPECT_EQ(ValueOfWord<Gait>(WordOf(gait)), gait);
  }
}

TEST(Words, AreMissedWhereOneIsForgotten) {
  EXPECT_THROW(WordOf(Gait::kForgotten), std::logic_error);
  EXPECT_THROW(ValueOfWord<Gait>("gallop"), std::logic_error);
}

}  // namespace
}  // namespace anole
