#include "tools/export/episodes/episode_assembler.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "configs/suggest.h"
#include "configs/user_error.h"
#include "tools/export/recording.h"

namespace anole::exports {
namespace {

constexpr double kLargestNumber = 1e15;   // the squares of its squares are numbers still
constexpr std::int64_t kFewestSteps = 2;  // of a batch: one step has nothing to be compared with

}  // namespace

EpisodeAssembler::EpisodeAssembler(const FamilySpec& spec, const std::filesystem::path& file)
    : EpisodeAssembler(spec, file.string(), [name = file.string()](std::int64_t line) {
        return fmt::format("{}:{}", name, line);
      }) {}

EpisodeAssembler::EpisodeAssembler(const FamilySpec& spec, std::string name, PlaceOf place)
    : spec_(spec), file_(std::move(name)), place_(std::move(place)) {
  if (spec.privileged_dim == 0) return;
  throw UserError(file_ +
                  ": recorded episodes have no privileged observations, which advantages of this "
                  "task are measured with; adapt in simulation, or train without them");
}

void EpisodeAssembler::Refuse(std::int64_t line, const std::string& problem) const {
  throw UserError(place_(line) + ": " + problem);
}

void EpisodeAssembler::CheckNumbers(std::int64_t line, const RecordedStep& step) const {
  const auto check = [&](const char* name, VectorIn numbers, std::int64_t expected) {
    if (numbers.size() != expected) {
      Refuse(line,
             fmt::format("{} has {} numbers; the policy's has {}", name, numbers.size(), expected));
    }
    for (Eigen::Index i = 0; i < numbers.size(); ++i) {
      CheckNumber(line, fmt::format("{}_{}", name, i), numbers[i]);
    }
  };
  check("observation", step.observation, spec_.observation_dim);
  check("action", step.action, spec_.action_dim);
  CheckNumber(line, "reward", step.reward);
}

void EpisodeAssembler::CheckNumber(std::int64_t line, const std::string& name,
                                   double number) const {
  if (!std::isfinite(number)) Refuse(line, name + " is not finite");
  if (std::abs(number) > kLargestNumber) {
    Refuse(line, fmt::format("{} = {} is larger than anything that can be learned from, {:g}", name,
                             number, kLargestNumber));
  }
}

std::optional<End> EpisodeAssembler::ReadEnd(std::int64_t line, const std::string& word) const {
  // As spreadsheets, pandas and programs write a truth.
  for (const char* no : {"", "0", "0.0", "false", "False", "FALSE"}) {
    if (word == no) return {};
  }
  for (const char* yes : {"1", "1.0", "true", "True", "TRUE"}) {
    if (word == yes) return End::kTimeLimit;
  }
  std::vector<std::string> words;
  for (const End end : {End::kTimeLimit, End::kTerminated, End::kDiverged}) {
    if (word == WordOfEnd(end)) return end;
    words.emplace_back(WordOfEnd(end));
  }
  Refuse(line, fmt::format("end: '{}' is no end of an episode{}", word, Suggestion(word, words)));
}

void EpisodeAssembler::Begin(std::int64_t line, const RecordedStep& step) {
  const std::int64_t batch = step.batch.value_or(batches_.empty() ? 0 : batch_);
  const bool is_new_batch = batches_.empty() || batch != batch_;
  // The first one of a file may have any number: others may be in other files.
  if (!batches_.empty() && is_new_batch && batch != batch_ + 1) {
    Refuse(line, fmt::format("batch {} follows batch {}", batch, batch_));
  }
  const std::int64_t next = is_new_batch ? 0 : episode_ + 1;
  const std::int64_t episode = step.episode.value_or(next);
  if (episode != next) {
    Refuse(line,
           next == 0
               ? fmt::format("episode {} is the first of its batch; they are counted from 0 on",
                             episode)
               : fmt::format("episode {} follows episode {}, which has ended", episode, episode_));
  }
  if (is_new_batch) batches_.emplace_back();
  batches_.back().emplace_back(spec_);
  batches_.back().back().length = 0;
  batch_ = batch;
  episode_ = episode;
  open_ = true;
}

void EpisodeAssembler::Add(std::int64_t line, const RecordedStep& step) {
  CheckNumbers(line, step);
  const std::optional<End> end = ReadEnd(line, step.end);
  if (open_ &&
      (step.batch.value_or(batch_) != batch_ || step.episode.value_or(episode_) != episode_)) {
    Refuse(line, fmt::format("another episode begins, but episode {} has no end in its last step",
                             episode_));
  }
  if (!open_) Begin(line, step);
  Episode& recorded = batches_.back().back();
  const std::int64_t t = recorded.length;
  if (const std::int64_t number = step.step.value_or(t); number != t) {
    Refuse(line, t == 0
                     ? fmt::format("step {} is the first of its episode; they are counted from 0 "
                                   "on",
                                   number)
                     : fmt::format("step {} follows step {}", number, t - 1));
  }
  if (t == spec_.horizon) {
    Refuse(line, fmt::format("an episode of more than {} steps, the horizon that was trained with",
                             spec_.horizon));
  }
  recorded.observations.col(t) = step.observation;
  recorded.actions.col(t) = step.action;
  recorded.reward_terms.col(t).setZero();
  recorded.rewards[t] = step.reward;
  recorded.log_probs[t] = step.log_prob;
  recorded.undiscounted_return += step.reward;
  ++recorded.length;
  if (!end) return;
  recorded.end = *end;
  if (*end == End::kDiverged) {
    recorded.undiscounted_return +=
        spec_.diverged_reward * static_cast<double>(spec_.horizon - recorded.length);
  }
  open_ = false;
}

std::vector<std::vector<Episode>> EpisodeAssembler::Finish() {
  if (open_) throw UserError(file_ + ": ends within an episode: its last step has no end");
  if (batches_.empty()) throw UserError(file_ + ": holds no step");
  for (std::size_t i = 0; i < batches_.size(); ++i) {
    std::int64_t steps = 0;
    for (const Episode& episode : batches_[i]) {
      if (episode.end != End::kDiverged) steps += episode.length;
    }
    if (steps >= kFewestSteps) continue;
    throw UserError(fmt::format("{}: batch {} has {} to learn from; it takes {} at least", file_, i,
                                steps == 1 ? "1 step" : "no step", kFewestSteps));
  }
  return std::move(batches_);
}

}  // namespace anole::exports
