// An entry of the zoo: trained parameters that come with anole, and what they are worth.
//
//   configs/zoo/NAME/config.toml      of the runs that it was made of
//   configs/zoo/NAME/checkpoints/     the parameters of one of them, in single precision
//   configs/zoo/NAME/task/            the files that its task comes from, if any
//   configs/zoo/NAME/expected.json    the figures of all runs, written by `anole zoo --add`
//
// So it is the folder of a run, and whatever takes a run takes it; it is only not gone on with.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "envs/linear_algebra.h"
#include "meta/statistics.h"

namespace anole::zoo {

// What a run has reached. Of each number of updates, (updates + 1).
struct RunFigures {
  std::int64_t seed = 0;
  std::string signature;  // of the parameters
  double minutes = 0;     // of training; NaN where that is not known
  Vector means;           // of the tasks of tests
  Vector ci95;            // half the width of the 95 % interval of that mean; NaN: none
  Vector spread;          // standard deviation between tasks; NaN: a single one
  Vector worst;           // of the worst tenth of the tasks, or the worst task
};

struct Entry {
  std::string name;  // of its folder
  std::string family;
  std::string score;  // "return" or "loss"
  bool higher_is_better = true;
  bool rolls_out = true;   // samples are environment steps, or else examples
  bool by_memory = false;  // adaptation makes no updates: they are episodes that a policy remembers
  std::int64_t samples = 0, iterations = 0;
  std::int64_t tasks = 0, adaptations = 0, trained_on = 0;  // of the evaluation, see Evaluation
  Vector update_samples;                                    // (updates + 1): see Evaluation
  // What made the runs, as ProgramFacts has it. Signatures hold for this instruction set and
  // version of MuJoCo.
  std::string anole, git_commit, mujoco, instruction_set, cpu;
  int threads = 0;
  std::vector<RunFigures> runs;
  RunFigures parameters;  // of those in the folder, as they are there

  Eigen::Index updates() const { return update_samples.size() - 1; }
  // (runs): the mean after so many updates.
  Vector Means(Eigen::Index update) const;
  // Where 99 of 100 further runs would be after the last update, as far as these tell; NaN of fewer
  // than three.
  Interval Expected() const;
};

// Whether a folder is one.
bool IsEntry(const std::filesystem::path& folder);

// Throws UserError where it is none, or is damaged.
Entry ReadEntry(const std::filesystem::path& folder);

// The text of expected.json.
std::string EntryText(const Entry& entry);
inline constexpr const char* kExpectedFile = "expected.json";

}  // namespace anole::zoo
