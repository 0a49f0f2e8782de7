// What `anole compare` is asked for: methods, each a change of one config, over the same seeds.
//
//   [compare]
//   config = "../cheetah-direction.toml"    # relative to this file
//   env_steps = 4e6
//   seeds = [1, 2, 3, 4, 5]
//   tune = [0.1, 0.3, 1, 3]                 # times inner.step_size (or inner.kl), by validation
//   tasks
//
//   [method.reptile]
//   [method.joint]
//   task.mixture = true
//   inner.step_size = 1
//   [method.random]
//   env_steps = 0                           # of this method alone
//   [method.expert-forward]
//   row = "expert"                          # methods of one row are pooled in the tables
//   task.fixed = [1]
//   [all]                                   # options of every method
//   evaluation.tasks = 40
//
// Options that were chosen on some seeds name those: compare.tuned_seeds = [101, 102, 103]; none of
// them can be reported.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "configs/settings.h"

namespace anole::compare {

struct Method {
  std::string name;
  std::string row;             // of the tables; the name unless methods share a row
  Settings settings;           // without the seed
  std::vector<double> tune;    // factors of its inner step to choose from on validation tasks
  std::int64_t env_steps = 0;  // to train with
  Settings unstretched = {};   // the settings without that length: see WithLength
  std::vector<Setting> written = {};  // its section: options, and "row" and the like
};

struct CompareSpec {
  std::vector<Method> methods;
  std::vector<std::int64_t> seeds;
  std::int64_t tune_tasks = 10;
  std::vector<std::int64_t> tuned_seeds = {};  // on which its options were chosen
  std::int64_t env_steps = 0;                  // of methods that do not say
  std::filesystem::path config = {};           // that methods vary
  std::vector<Setting> common = {};            // [all]
  Settings compare = {};                       // [compare], as it is written
};

// Throws UserError, with the place in the file, where it is no such specification.
CompareSpec ReadCompareSpec(const std::filesystem::path& path);

// The same of what stands in the file `path`, without what is for others in it.
CompareSpec ReadCompareSpec(const Settings& file, const std::filesystem::path& path);

// Throws UserError where `seeds` are to be reported, but options were chosen on one of them.
void CheckReported(const CompareSpec& spec, const std::vector<std::int64_t>& seeds,
                   const std::string& where);

// Environment steps, or examples, of a meta-iteration.
double StepsOfIteration(const Settings& settings);

// The settings with the number of iterations that spends `env_steps`, and schedules stretched
// alike. Throws UserError, which begins with `where`, where that is not even one iteration.
Settings WithLength(Settings settings, std::int64_t env_steps, const std::string& where);

}  // namespace anole::compare
