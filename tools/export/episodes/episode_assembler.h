// Makes episodes of the steps that a file tells one after another, and refuses what is no record of
// whole episodes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "agents/control/episode.h"

namespace anole::exports {

struct RecordedStep {
  std::optional<std::int64_t> batch, episode, step;  // their numbers, where they are told
  Vector observation, action;
  double reward = 0;
  double log_prob = std::numeric_limits<double>::quiet_NaN();  // NaN: not told
  std::string end;  // "", "0" or "false": the episode goes on; else how it ends with this step
};

class EpisodeAssembler {
 public:
  // Where a line is, as messages say it.
  using PlaceOf = std::function<std::string(std::int64_t line)>;

  EpisodeAssembler(const FamilySpec& spec, const std::filesystem::path& file);
  // Of steps that are in no file: `line` is whatever Add is told.
  EpisodeAssembler(const FamilySpec& spec, std::string name, PlaceOf place);

  // The next step of the file, on this line of it. Throws UserError with file and line.
  void Add(std::int64_t line, const RecordedStep& step);

  // All batches. Throws UserError where the last episode has no end, or a batch is too small to
  // learn from.
  std::vector<std::vector<Episode>> Finish();

  // Throws UserError "FILE:LINE: problem", or with another place.
  [[noreturn]] void Refuse(std::int64_t line, const std::string& problem) const;

 private:
  void CheckNumbers(std::int64_t line, const RecordedStep& step) const;
  void CheckNumber(std::int64_t line, const std::string& name, double number) const;
  // Begins another episode, and another batch, where the step belongs to one.
  void Begin(std::int64_t line, const RecordedStep& step);
  std::optional<End> ReadEnd(std::int64_t line, const std::string& word) const;

  const FamilySpec& spec_;
  std::string file_;
  PlaceOf place_;
  std::vector<std::vector<Episode>> batches_;
  bool open_ = false;  // whether the last episode goes on
  std::int64_t batch_ = 0, episode_ = 0;
};

}  // namespace anole::exports
