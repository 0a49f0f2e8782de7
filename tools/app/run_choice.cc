#include "tools/app/run_choice.h"

#include "configs/user_error.h"
#include "envs/random.h"
#include "tools/run/task_choice.h"

namespace anole::app {

std::string ThetaOf(const CommandLine& line) { return line.Get("theta").value_or("latest"); }

OpenRequest RequestOf(const CommandLine& line, const std::vector<std::string>& short_flags) {
  OpenRequest request{.options = line.settings,
                      .parameters = ThetaOf(line),
                      .any_family = line.Has("any-family"),
                      .random_too = line.Has("baseline")};
  for (const std::string& flag : short_flags) {
    if (const auto value = line.Get(flag))
      request.options.emplace_back("evaluation." + flag, *value);
  }
  return request;
}

AdaptationRequest ChooseTask(const CommandLine& line, Run& run) {
  const auto typed = line.Get("task");
  const bool is_random = typed == "random";
  if (typed && !is_random && typed->find_first_not_of("0123456789") != std::string::npos) {
    throw UserError("--task=" + *typed + ": must be the number of a task, from 0 on, or random");
  }
  const std::int64_t number =
      is_random ? 0 : line.Integer("task", 0, Address::kMaxTask).value_or(0);
  if (const auto goal = line.Get("goal")) {
    if (line.Has("task")) throw UserError("--goal and --task: only one of them");
    return {GoalOf(*goal, run), 0};
  }
  return is_random ? FurtherTask(run) : TestTask(number, run);
}

}  // namespace anole::app
