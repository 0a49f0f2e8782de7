// anole record: the episodes of an adaptation, for analysis of one's own, or to adapt from.
#include <fmt/format.h>

#include <filesystem>

#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "tools/app/command.h"
#include "tools/app/run_choice.h"
#include "tools/app/terminal_log.h"
#include "tools/export/episodes/episode_format.h"
#include "tools/run/count_text.h"
#include "tools/run/goal.h"
#include "tools/run/logs/log.h"
#include "tools/run/output_file.h"
#include "tools/run/run.h"

namespace anole::app {
namespace {

int RunRecord(const CommandLine& line) {
  const int threads = Threads(line);
  const std::string path = OnlyPositional(line, "RUN, a run directory");
  const auto out = line.Get("out");
  if (!out) throw UserError("--out is missing");
  const exports::EpisodeFormat& format = exports::EpisodeFormatOf(*out, "--out=" + *out);
  CheckOut(*out, exports::EpisodeEndings());
  Run run = Run::Open(path, RequestOf(line, {"updates", "rollouts", "seed"}));
  if (run.control_loop() == nullptr) {
    throw UserError(run.experiment().family() +
                    ": its tasks are learned from data; there are no episodes");
  }
  const AdaptationRequest request = ChooseTask(line, run);
  exports::Recording recording;
  WithThreads(threads, [&] { recording = exports::Record(run, request, line.Has("last")); });
  format.write(recording, *out);
  const std::int64_t batches = std::ssize(recording.batches);
  LogInfo(fmt::format("goal {}: {} of {} in {}", TypedGoal(request.task),
                      batches == 1 ? "a batch" : fmt::format("{} batches", batches),
                      CountText(run.experiment().evaluation.rollouts, "episode"), *out));
  return 0;
}

const RegisterCommand registration(
    {.place = 7,
     .name = "record",
     .usage = "anole record RUN --out FILE.csv|.jsonl|.npz [--goal X[,Y]] [--updates K] [--last]",
     .summary =
         "Records the episodes that a policy adapts by. They are those of `anole evaluate`; files "
         "have observations, actions, rewards and their terms, and the motion. `anole adapt "
         "--episodes` learns from them. Options may be changed, as for `anole evaluate`. Options "
         "default to those of the run.",
     .flags = {{"out", "FILE", "where to; its ending says how: .csv, .jsonl or .npz"},
               kGoalFlag,
               kTaskFlag,
               {"last", "", "also the batch after the last update, from which none learns"},
               kThetaFlag,
               kAnyFamilyFlag,
               kUpdatesFlag,
               kRolloutsFlag,
               kSeedFlag,
               kThreadsFlag,
               kQuietFlag,
               kLogLevelFlag},
     .takes_options = true,
     .options_of_run = true,
     .max_positionals = 1,
     .takes = Takes::kRun,
     .run = RunRecord});

}  // namespace
}  // namespace anole::app
