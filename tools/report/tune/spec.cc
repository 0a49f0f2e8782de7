#include "tools/report/tune/spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "configs/lister.h"
#include "configs/option.h"
#include "configs/reader.h"
#include "configs/user_error.h"
#include "tools/report/tune/space.h"
#include "tools/run/experiment.h"

namespace anole::tune {
namespace {

namespace fs = std::filesystem;

// Seeds from here on are for tuning, those below are for reports.
constexpr double kFirstTuningSeed = 101;

struct TuneOptions {
  std::int64_t trials = 9, rungs = 2, eta = 3, env_steps = 0;
  std::vector<std::int64_t> seeds = {101, 102, 103};
  std::int64_t tasks = 10, updates = 0, draw = 0;

  static void Describe(VisitOf<TuneOptions> visit) {
    visit("tune.trials", &TuneOptions::trials,
          {.help = "choices of options that each method is tried with", .min = 2, .max = 1e5});
    visit("tune.rungs", &TuneOptions::rungs,
          {.help = "times that trials are scored; after each but the last one a share goes on",
           .min = 1,
           .max = 20});
    visit("tune.eta", &TuneOptions::eta,
          {.help = "that share is 1 / eta, and goes on to eta times as many steps",
           .min = 2,
           .max = 1000});
    visit("tune.env_steps", &TuneOptions::env_steps,
          {.help = "of a trial that comes to the last rung; 0: compare.env_steps",
           .min = 0,
           .max = 1e15});
    visit("tune.seeds", &TuneOptions::seeds,
          {.help = "a run each for every trial; none of them is ever reported",
           .min = kFirstTuningSeed,
           .max = 9e15,
           .min_size = 1,
           .max_size = 1000});
    visit("tune.tasks", &TuneOptions::tasks,
          {.help = "validation tasks that trials are scored on", .min = 1, .max = 1e5});
    visit("tune.updates", &TuneOptions::updates,
          {.help = "updates after which the score counts; 0: evaluation.updates",
           .min = 0,
           .max = 1000});
    visit(
        "tune.draw", &TuneOptions::draw,
        {.help = "seed of the choice of trials from spaces that have more", .min = 0, .max = 9e15});
  }
};

// The settings of a file by what they belong to.
struct Parts {
  Settings tune, compare;
  std::map<std::string, std::vector<Setting>> spaces;  // of a method; "": of all
};

// "method.NAME.space.OPTION" or "all.space.OPTION": the method, or "", and the option.
std::optional<std::pair<std::string, std::string>> InSpace(const std::string& name) {
  constexpr std::string_view kAll = "all.space", kMethod = "method.", kSpace = "space";
  if (name.starts_with(kAll) && (name.size() == kAll.size() || name[kAll.size()] == '.')) {
    return std::pair("", name.size() == kAll.size() ? "" : name.substr(kAll.size() + 1));
  }
  if (!name.starts_with(kMethod)) return std::nullopt;
  const std::size_t end = name.find('.', kMethod.size());
  if (end == std::string::npos) return std::nullopt;
  const std::string method = name.substr(kMethod.size(), end - kMethod.size());
  const std::string rest = name.substr(end + 1);
  if (rest == kSpace) return std::pair(method, "");  // an empty table
  if (!rest.starts_with(std::string(kSpace) + ".")) return std::nullopt;
  return std::pair(method, rest.substr(kSpace.size() + 1));
}

Parts Split(const Settings& file) {
  Parts parts;
  for (const Setting& setting : file.all()) {
    if (setting.name.starts_with("tune.")) {
      parts.tune.Set(setting);
    } else if (const auto in_space = InSpace(setting.name)) {
      const auto& [method, option] = *in_space;
      std::vector<Setting>& space = parts.spaces[method];
      if (option.empty() && setting.value != SettingValue(true)) {  // of an empty table
        throw UserError(setting.Where() + ": a space is a section of options and their values");
      }
      if (!option.empty()) {
        space.push_back(setting);
        space.back().name = option;
      }
      // A method may have nothing but its space.
      Setting own = setting;
      own.name = "method." + method;
      own.value = true;
      if (!method.empty() && parts.compare.Find(own.name) == nullptr) parts.compare.Set(own);
    } else {
      parts.compare.Set(setting);
    }
  }
  return parts;
}

// What all trials have in common cannot be chosen.
void CheckMayBeTuned(const Setting& setting) {
  static const std::vector<OptionDescription> kCatalogue = Experiment::Catalogue();
  const auto option = std::ranges::find(kCatalogue, setting.name, &OptionDescription::name);
  const bool is_same_for_all = setting.name == "run.seed" ||
                               (option != kCatalogue.end() &&
                                (option->use == Use::kLength || option->use == Use::kEvaluation));
  if (!is_same_for_all) return;
  throw UserError(setting.Where() +
                  ": is the same in all trials, or their scores would not be comparable");
}

// The common dimensions, then the method's own, which replace them.
Space SpaceOf(const Parts& parts, const std::string& method) {
  Space space;
  const auto own = parts.spaces.find(method);
  if (own == parts.spaces.end()) return space;
  std::vector<Setting> settings;
  if (const auto all = parts.spaces.find(""); all != parts.spaces.end()) settings = all->second;
  for (const Setting& setting : own->second) {
    std::erase_if(settings, [&](const Setting& other) { return other.name == setting.name; });
    settings.push_back(setting);
  }
  for (const Setting& setting : settings) {
    CheckMayBeTuned(setting);
    space.push_back(ToDimension(setting));
  }
  return space;
}

Trial MakeTrial(const compare::Method& method, const Space& space,
                const std::vector<std::size_t>& places, const TuneSpec& spec) {
  Trial trial;
  trial.settings = method.unstretched;
  for (std::size_t i = 0; i < space.size(); ++i) {
    trial.choices.push_back(space[i].values[places[i]]);
    trial.settings.Set(trial.choices.back());
  }
  std::string where = "[method." + method.name + "], a trial with";
  for (const Setting& choice : trial.choices) {
    where += " " + choice.name + " = " + ValueText(choice.value);
  }
  // Schedules are of the whole length: a trial that goes on is the one that it was.
  trial.settings = compare::WithLength(trial.settings, spec.rungs.back().env_steps, where);
  const double per_iteration = compare::StepsOfIteration(trial.settings);
  for (const Rung& rung : spec.rungs) {
    const auto iterations =
        static_cast<std::int64_t>(static_cast<double>(rung.env_steps) / per_iteration);
    if (iterations == 0) {
      throw UserError(
          fmt::format("{}: the first rung has {} environment steps, and an iteration takes {:.15g}",
                      where, rung.env_steps, per_iteration));
    }
    trial.iterations.push_back(iterations);
  }
  const Experiment experiment(trial.settings);
  if (experiment.evaluation.updates < spec.updates) {
    throw UserError(fmt::format("tune.updates = {}: {} has evaluation.updates = {}", spec.updates,
                                where, experiment.evaluation.updates));
  }
  trial.settings.Set("evaluation.tasks", std::to_string(spec.tasks));
  if (experiment.rolls_out()) trial.settings.Set("evaluation.deterministic", "false");
  return trial;
}

TunedMethod MakeMethod(const compare::Method& method, const Parts& parts,
                       const TuneOptions& options, const TuneSpec& spec) {
  TunedMethod tuned{method.name, {}};
  const Space space = SpaceOf(parts, method.name);
  if (space.empty()) return tuned;
  const auto trials = static_cast<std::uint64_t>(options.trials);
  if (Combinations(space) < trials) {
    throw UserError(fmt::format(
        "{}: [method.{}.space] has {} combinations, fewer than tune.trials = {}; every method has "
        "the same budget, so give it more values, or all of them fewer trials",
        spec.path.string(), method.name, Combinations(space), trials));
  }
  for (const std::vector<std::size_t>& places :
       Draw(space, trials, static_cast<std::uint64_t>(options.draw))) {
    tuned.trials.push_back(MakeTrial(method, space, places, spec));
  }
  return tuned;
}

TuneOptions ReadOptions(const Settings& settings) {
  TuneOptions options;
  SettingsReader reader(settings);
  TuneOptions::Describe({options, reader});
  OptionLister lister;
  TuneOptions::Describe({options, lister});
  reader.RejectUnknown(lister.options());
  return options;
}

}  // namespace

TuneSpec ReadTuneSpec(const fs::path& path) {
  const Settings file = Settings::FromFile(path, Depth::kAny);
  const Parts parts = Split(file);
  const TuneOptions options = ReadOptions(parts.tune);
  TuneSpec spec{.compare = compare::ReadCompareSpec(parts.compare, path),
                .path = path,
                .seeds = options.seeds,
                .tasks = options.tasks,
                .updates = options.updates,
                .rungs = {},
                .methods = {}};
  for (const std::int64_t seed : options.seeds) {
    if (std::ranges::count(options.seeds, seed) > 1) {
      throw UserError(fmt::format("{}: tune.seeds: {} is there twice", path.string(), seed));
    }
    if (std::ranges::count(spec.compare.tuned_seeds, seed) == 0) {
      spec.compare.tuned_seeds.push_back(seed);
    }
  }
  const Setting* const reported = parts.compare.Find("compare.seeds");
  compare::CheckReported(spec.compare, spec.compare.seeds,
                         reported != nullptr ? reported->Where() : path.string());
  const std::int64_t env_steps = options.env_steps > 0 ? options.env_steps : spec.compare.env_steps;
  spec.rungs = Rungs(options.trials, env_steps, options.eta, options.rungs);
  if (spec.rungs.back().trials < 2) {
    throw UserError(fmt::format(
        "{}: tune.rungs = {}: of {} trials {} would come to the last rung, where two are to be "
        "compared; take fewer rungs, a smaller tune.eta or more trials",
        path.string(), options.rungs, options.trials, spec.rungs.back().trials));
  }
  if (parts.spaces.empty()) {
    throw UserError(path.string() + ": there is no [method.NAME.space], so nothing to choose");
  }
  for (const compare::Method& method : spec.compare.methods) {
    spec.methods.push_back(MakeMethod(method, parts, options, spec));
  }
  return spec;
}

}  // namespace anole::tune
