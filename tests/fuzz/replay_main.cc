// Runs each harness on the inputs of its folder: replay CORPUS [HARNESS].
#include <cstdio>
#include <ctime>
#include <exception>

#include "tests/fuzz/harness.h"

namespace {

namespace fs = std::filesystem;
using anole::fuzz::Harness;

// [s], of an input: any that takes so long is refused too late. Sanitizers take four times as long.
#ifdef __SANITIZE_ADDRESS__
constexpr double kPatience = 30;
#else
constexpr double kPatience = 5;
#endif

// Of the processor: others may be at work on this machine.
double Seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// Whether the harness takes the input.
bool Replay(const Harness& harness, const fs::path& file) {
  const double start = Seconds();
  try {
    harness.run(anole::fuzz::TextOf(file));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", file.c_str(), error.what());
    return false;
  }
  const double seconds = Seconds() - start;
  if (seconds > kPatience) std::fprintf(stderr, "%s: takes %.1f s\n", file.c_str(), seconds);
  return seconds <= kPatience;
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) return 2;
  const double start = Seconds();
  bool well = true;
  int inputs = 0;
  for (const auto& [name, harness] : anole::fuzz::Harnesses()) {
    if (count > 2 && name != words[2]) continue;
    const fs::path folder = fs::path(words[1]) / name;
    if (!fs::is_directory(folder) || fs::is_empty(folder)) {
      std::fprintf(stderr, "%s: there are no inputs of this harness\n", folder.c_str());
      well = false;
      continue;
    }
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      std::fprintf(stderr, "%s\n", entry.path().c_str());  // the last one, where it crashes
      well = Replay(harness, entry.path()) && well;
      ++inputs;
    }
  }
  std::printf("%d inputs in %.1f s\n", inputs, Seconds() - start);
  return well ? 0 : 1;
}
