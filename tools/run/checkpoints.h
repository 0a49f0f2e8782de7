// The checkpoints of a run: each is whole or not there, whenever the machine stops.
//
//   step_000100/state.safetensors   all of the training state after 100 iterations
//   latest, best                    links to two of them; best is by the metric of validation
//
// What is called otherwise, such as a copy step_000100_paper, is the user's: neither seen nor
// touched.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "agents/inner_loop.h"
#include "meta/checkpoint.h"
#include "meta/meta_state.h"

namespace anole {

// Which checkpoints stay. The best one always does.
struct Retention {
  // The newest ones, and others spread evenly over the run: bounded, however long it is.
  static constexpr std::int64_t kSpread = -1;

  std::int64_t last = 0;    // the newest so many; 0: all; or kSpread
  std::int64_t every = 0;   // and those of multiples of so many iterations
  std::int64_t period = 1;  // iterations from one to the next
};

class Checkpoints {
 public:
  explicit Checkpoints(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Whether an entry of the folder is of a kind that this class makes.
  static bool IsPart(const std::filesystem::path& entry);

  // Whether it is one of the links among them, or was being made or removed when a process ended:
  // then it is removed itself, and nothing that it leads to.
  static bool MayBeLink(const std::filesystem::path& entry);

  // Files of parameters, oldest first. A newer one may be damaged by a machine that stopped.
  std::vector<std::filesystem::path> Files() const;

  // The newest that is not damaged; a warning tells of those that are. Throws UserError where there
  // is none, or where one that may be whole cannot be opened.
  std::filesystem::path Latest() const;

  // The newest one, of which theta itself is meant although an average of it is kept.
  static constexpr const char* kLastIterate = "last-iterate";

  // What "latest", "best", "last-iterate", a number of iterations, or the path of a file stands
  // for. Throws UserError where there is no such checkpoint.
  std::filesystem::path Find(const std::string& name) const;

  // notes: into the metadata of the file.
  void Write(const MetaState& state, const Layout& layout, Notes notes,
             const Retention& retention) const;

  // All of them, of a run that is replaced, with what was not finished.
  void RemoveAll() const;

  // Before a run goes on from `state`: sets aside what is damaged, removes what was not finished,
  // and points the links where they belong.
  void Repair(const MetaState& state) const;

 private:
  std::filesystem::path Folder(std::int64_t iteration) const;
  void Link(const MetaState& state) const;
  void Retain(const Retention& retention, const MetaState& state) const;
  void Remove(const std::filesystem::path& entry) const;

  std::filesystem::path folder_;
};

}  // namespace anole
