// Opens a run, adapts its policy to a goal and prints the returns: adapt_run RUN GOAL UPDATES
#include <anole/anole.h>

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) try {
  if (argc != 4) return 2;
  anole::Run run = anole::Run::Open(argv[1], {.options = {{"evaluation.updates", argv[3]}}});
  const anole::Vector goal = anole::Vector::Constant(1, std::strtod(argv[2], nullptr));
  anole::Adapted adapted;
  anole::WithThreads(2, [&] { adapted = run.Adapt({.task = goal}); });
  for (Eigen::Index k = 0; k < adapted.scores.size(); ++k) {
    std::printf("%s after %d: %.17g\n", run.loop().spec().score.c_str(), static_cast<int>(k),
                adapted.scores[k]);
  }
  return 0;
} catch (const anole::UserError& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
