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
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "configs/settings.h"

namespace anole::compare {

struct Method {
  std::string name;
  std::string row;           // of the tables; the name unless methods share a row
  Settings settings;         // without the seed
  std::vector<double> tune;  // factors of its inner step to choose from on validation tasks
};

struct CompareSpec {
  std::vector<Method> methods;
  std::vector<std::int64_t> seeds;
  std::int64_t tune_tasks = 10;
};

// Throws UserError, with the place in the file, where it is no such specification.
CompareSpec ReadCompareSpec(const std::filesystem::path& path);

}  // namespace anole::compare
