#include "tools/report/compare/spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "configs/lister.h"
#include "configs/reader.h"
#include "configs/user_error.h"
#include "tools/run/experiment.h"

namespace anole::compare {
namespace {

constexpr std::string_view kCommon = "all.", kMethod = "method.";

// A letter, digit, '-' or '_': methods name folders.
bool IsName(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || c == '-' ||
           c == '_';
  });
}

struct MethodOptions {
  std::int64_t env_steps = 4000000;
  std::vector<double> tune = {1};
  std::string row;

  static void Describe(VisitOf<MethodOptions> visit, const std::string& section) {
    visit(section + ".env_steps", &MethodOptions::env_steps,
          {.help = "to train with: meta.iterations, and the length of schedules, follow from it",
           .min = 0,
           .max = 1e15});
    visit(section + ".tune", &MethodOptions::tune,
          {.help = "factors of inner.step_size, or of what else says how long an inner step is, to "
                   "choose from on validation tasks",
           .min = 0,
           .max = 1e9,
           .positive = true,
           .min_size = 1,
           .max_size = 1000});
  }
};

struct CompareOptions {
  std::string config;
  std::vector<std::int64_t> seeds = {1, 2, 3};
  std::vector<std::int64_t> tuned_seeds;
  std::int64_t tune_tasks = 10;
  MethodOptions method;

  static void Describe(VisitOf<CompareOptions> visit) {
    visit("compare.config", &CompareOptions::config,
          {.help = "the experiment that methods vary; from this file"});
    visit("compare.seeds", &CompareOptions::seeds,
          {.help = "a run each for every method",
           .min = 0,
           .max = 9e15,
           .min_size = 1,
           .max_size = 1000});
    visit("compare.tuned_seeds", &CompareOptions::tuned_seeds,
          {.help = "on which options were chosen, so that none of them can be reported",
           .min = 0,
           .max = 9e15,
           .max_size = 1000});
    visit("compare.tune_tasks", &CompareOptions::tune_tasks,
          {.help = "validation tasks on which step sizes are chosen", .min = 1, .max = 1e5});
    visit(&CompareOptions::method, "compare");
  }
};

// The settings of a file by what they belong to.
struct Parts {
  Settings compare, common;
  using Named = std::pair<std::string, std::vector<Setting>>;
  std::vector<Named> methods;  // in the file's order
};

Parts Split(const Settings& file) {
  Parts parts;
  for (const Setting& setting : file.all()) {
    Setting renamed = setting;
    if (setting.name.starts_with("compare.")) {
      parts.compare.Set(setting);
    } else if (setting.name.starts_with(kCommon)) {
      renamed.name = setting.name.substr(kCommon.size());
      parts.common.Set(renamed);
    } else if (setting.name.starts_with(kMethod)) {
      const std::string rest = setting.name.substr(kMethod.size());
      const std::string name = rest.substr(0, rest.find('.'));
      const bool is_empty_table = name == rest;
      if (!IsName(name) || (is_empty_table && setting.value != SettingValue(true))) {
        throw UserError(setting.origin + ": " + setting.name +
                        ": a method is [method.NAME], its name of letters, digits, '-' and '_'");
      }
      auto method = std::ranges::find(parts.methods, name, &Parts::Named::first);
      if (method == parts.methods.end()) method = parts.methods.insert(method, {name, {}});
      if (is_empty_table) continue;
      renamed.name = rest.substr(name.size() + 1);
      method->second.push_back(renamed);
    } else {
      throw UserError(setting.origin + ": " + setting.name +
                      ": sections here are [compare], [all] and [method.NAME]");
    }
  }
  return parts;
}

// Takes "env_steps", "tune" and "row" out of a method's settings.
MethodOptions TakeOptions(const std::string& name, std::vector<Setting>& settings,
                          const MethodOptions& common) {
  MethodOptions options = common;
  options.row = name;
  Settings own;
  std::erase_if(settings, [&](const Setting& setting) {
    if (setting.name.find('.') != std::string::npos) return false;
    Setting renamed = setting;
    renamed.name = "method." + setting.name;
    own.Set(renamed);
    return true;
  });
  const auto describe = [](VisitOf<MethodOptions> visit) {
    MethodOptions::Describe(visit, "method");
    visit("method.row", &MethodOptions::row,
          {.help = "of the tables, shared by methods that name it"});
  };
  SettingsReader reader(own);
  describe({options, reader});
  OptionLister lister;
  describe({options, lister});
  reader.RejectUnknown(lister.options());
  return options;
}

// A method without an inner step of some length is not tuned with the others.
void CheckTune(Method& method, const std::vector<double>& common) {
  if (Experiment(method.settings).step_option()) return;
  if (method.tune != common) {
    throw UserError("[method." + method.name +
                    "]: tune: no option of its inner.learner says how long a step is");
  }
  method.tune = {1};
}

}  // namespace

void CheckReported(const CompareSpec& spec, const std::vector<std::int64_t>& seeds,
                   const std::string& where) {
  for (const std::int64_t seed : seeds) {
    if (std::ranges::count(spec.tuned_seeds, seed) == 0) continue;
    throw UserError(fmt::format(
        "{}: options were chosen on seed {}, whose score would flatter them; report others", where,
        seed));
  }
}

double StepsOfIteration(const Settings& settings) {
  const Experiment experiment(settings);
  const std::unique_ptr<InnerLoop> loop = experiment.MakeLoop();
  const Plan plan = TrainingPlan(*loop, *experiment.MakeGradient(), *experiment.MakeOptimizer());
  // As doubles: options that are each in range may multiply to more than 64 bits.
  return static_cast<double>(experiment.trainer.batch_size) * static_cast<double>(plan.batches()) *
         static_cast<double>(loop->spec().batch_samples);
}

Settings WithLength(Settings settings, std::int64_t env_steps, const std::string& where) {
  const double per_iteration = StepsOfIteration(settings);
  const auto iterations =
      static_cast<std::int64_t>(std::min(static_cast<double>(env_steps) / per_iteration, 1e18));
  if (iterations == 0 && env_steps > 0) {
    throw UserError(fmt::format("{}: env_steps = {}: not even one iteration, which takes {:.15g}",
                                where, env_steps, per_iteration));
  }
  const TrainerOptions trainer = Experiment(settings).trainer;
  if (trainer.anneal_iterations > 0 && iterations > 0) {
    const double share = static_cast<double>(trainer.anneal_iterations) /
                         static_cast<double>(std::max<std::int64_t>(trainer.iterations, 1));
    settings.Set(
        "meta.anneal_iterations",
        std::to_string(std::max(1L, std::lround(share * static_cast<double>(iterations)))));
  }
  settings.Set("meta.iterations", std::to_string(iterations));
  return settings;
}

CompareSpec ReadCompareSpec(const std::filesystem::path& path) {
  return ReadCompareSpec(Settings::FromFile(path, Depth::kAny), path);
}

CompareSpec ReadCompareSpec(const Settings& file, const std::filesystem::path& path) {
  Parts parts = Split(file);
  CompareOptions options;
  SettingsReader reader(parts.compare);
  CompareOptions::Describe({options, reader});
  OptionLister lister;
  CompareOptions::Describe({options, lister});
  reader.RejectUnknown(lister.options());
  if (options.config.empty()) throw UserError(path.string() + ": compare.config must be set");
  for (const std::int64_t seed : options.seeds) {
    if (std::ranges::count(options.seeds, seed) > 1) {
      throw UserError(fmt::format("{}: compare.seeds: {} is there twice", path.string(), seed));
    }
  }
  if (parts.methods.empty()) throw UserError(path.string() + ": there is no [method.NAME]");

  CompareSpec spec{.methods = {},
                   .seeds = options.seeds,
                   .tune_tasks = options.tune_tasks,
                   .tuned_seeds = options.tuned_seeds,
                   .env_steps = options.method.env_steps,
                   .config = path.parent_path() / options.config,
                   .common = parts.common.all(),
                   .compare = parts.compare};
  const Setting* const seeds = parts.compare.Find("compare.seeds");
  CheckReported(spec, spec.seeds,
                seeds != nullptr ? seeds->Where() : path.string() + ": compare.seeds");
  Settings base = Experiment::ReadToVary(spec.config);
  for (const Setting& setting : parts.common.all()) base.Set(setting);
  for (auto& [name, settings] : parts.methods) {
    const std::vector<Setting> written = settings;
    const MethodOptions own = TakeOptions(name, settings, options.method);
    Method method{.name = name,
                  .row = own.row,
                  .settings = base,
                  .tune = own.tune,
                  .env_steps = own.env_steps,
                  .written = written};
    for (const Setting& setting : settings) method.settings.Set(setting);
    CheckTune(method, options.method.tune);
    method.unstretched = method.settings;
    method.settings = WithLength(method.settings, own.env_steps, "[method." + name + "]");
    spec.methods.push_back(std::move(method));
  }
  return spec;
}

}  // namespace anole::compare
