// What a comparison or a search for options is asked for.
#include "tests/fuzz/harness.h"
#include "tools/report/compare/spec.h"
#include "tools/report/tune/spec.h"

namespace anole::fuzz {
namespace {

void FuzzSpec(std::string_view input) {
  static const bool kCopied = [] {
    for (const std::string name :
         {"linear-regression.toml", "sine.toml", "cheetah-velocity.toml"}) {
      Write("spec/" + name, TextOf(ANOLE_SOURCE_DIR "/configs/" + name));
    }
    return true;
  }();
  Require(kCopied, "no configs");
  const std::filesystem::path file = Write("spec/of/spec.toml", input);
  Accept([&] { compare::ReadCompareSpec(file); });
  Accept([&] { tune::ReadTuneSpec(file); });
}

const RegisterHarness registration("spec", {FuzzSpec});

}  // namespace
}  // namespace anole::fuzz
