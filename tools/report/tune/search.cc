#include "tools/report/tune/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <optional>
#include <thread>
#include <tuple>
#include <utility>

#include "configs/user_error.h"
#include "tools/run/experiment.h"
#include "tools/run/process/interrupt.h"
#include "tools/run/run_lock.h"

namespace anole::tune {
namespace {

namespace fs = std::filesystem;

class Search {
 public:
  Search(const TuneSpec& spec, fs::path folder, const Communicator& ranks,
         const TuneObserver& observer)
      : spec_(spec), folder_(std::move(folder)), ranks_(ranks), observer_(observer) {
    const Experiment experiment(spec.compare.methods.front().settings);
    result_.family = experiment.family();
    result_.loop = experiment.MakeLoop()->spec();
  }

  // False: a signal has stopped it.
  bool Complete() {
    bool told = false;
    for (std::vector<Piece> open = Open(); !open.empty(); open = Open()) {
      const bool worked = std::ranges::any_of(open, [&](const Piece& piece) { return Do(piece); });
      if (InterruptGuard::signal() != 0) return false;
      if (worked) continue;
      if (observer_.on_wait && !std::exchange(told, true)) observer_.on_wait();
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    return true;
  }

  TuneResult& result() { return result_; }

 private:
  // What is to be done next, of all methods; collects what has been done into the result.
  std::vector<Piece> Open();
  void CollectMethod(std::size_t method, std::vector<Piece>& open);
  const Score* Known(const Piece& piece);
  // False where another process has it in hand; true also where a signal has stopped it.
  bool Do(const Piece& piece);
  std::optional<Score> Work(const Piece& piece);
  void Tell(const Piece& piece) const;

  const TuneSpec& spec_;
  fs::path folder_;
  const Communicator& ranks_;
  const TuneObserver& observer_;
  TuneResult result_;
  using Key = std::tuple<std::size_t, std::size_t, std::size_t, std::size_t>;
  std::map<Key, Score> known_;
};

const Score* Search::Known(const Piece& piece) {
  const Key key(piece.method, piece.trial, piece.rung, piece.seed);
  auto known = known_.find(key);
  if (known == known_.end()) {
    auto score = ReadScore(folder_, spec_, piece);
    if (!score) return nullptr;
    known = known_.emplace(key, std::move(*score)).first;
  }
  return &known->second;
}

std::vector<Piece> Search::Open() {
  std::vector<Piece> open;
  result_.methods.assign(spec_.methods.size(), {});
  for (std::size_t method = 0; method < spec_.methods.size(); ++method) {
    CollectMethod(method, open);
  }
  return open;
}

void Search::CollectMethod(std::size_t method, std::vector<Piece>& open) {
  MethodOutcome& outcome = result_.methods[method];
  outcome.trials.resize(spec_.methods[method].trials.size());
  if (outcome.trials.empty()) return;
  std::vector<std::vector<double>> scores(outcome.trials.size());
  const auto rank = [&] { outcome.ranking = Ranking(scores, result_.loop.higher_is_better); };
  rank();
  for (std::size_t rung = 0; rung < spec_.rungs.size(); ++rung) {
    const std::size_t before = open.size();
    for (std::size_t place = 0; place < static_cast<std::size_t>(spec_.rungs[rung].trials);
         ++place) {
      const std::size_t trial = outcome.ranking[place];
      std::vector<Score> seeds;
      double sum = 0;
      for (std::size_t seed = 0; seed < spec_.seeds.size(); ++seed) {
        const Piece piece{method, trial, rung, seed};
        const Score* const score = Known(piece);
        if (score == nullptr) {
          open.push_back(piece);
          continue;
        }
        seeds.push_back(*score);
        sum += score->means[spec_.updates > 0 ? spec_.updates : score->means.size() - 1];
      }
      if (seeds.size() < spec_.seeds.size()) continue;
      outcome.trials[trial].rungs.push_back(std::move(seeds));
      scores[trial].push_back(sum / static_cast<double>(spec_.seeds.size()));
    }
    if (open.size() > before) return;
    rank();
  }
  for (std::size_t trial = 0; trial < outcome.trials.size(); ++trial) {
    outcome.trials[trial].scores = scores[trial];
    for (const Score& score : outcome.trials[trial].rungs.back()) outcome.samples += score.samples;
  }
}

bool Search::Do(const Piece& piece) {
  const fs::path claim = ScorePath(folder_, spec_, piece).parent_path();
  fs::create_directories(claim);
  std::optional<RunLock> lock;
  try {
    if (RunLock::IsHeld(claim)) return false;
    lock.emplace(claim);
  } catch (const UserError&) {
    return false;  // another process was faster
  }
  if (Known(piece) != nullptr) return true;  // and has done it already
  if (InterruptGuard::signal() != 0) return true;
  Tell(piece);
  if (const auto score = Work(piece)) WriteScore(folder_, spec_, piece, *score);
  return true;
}

// Nothing where a signal has stopped it.
std::optional<Score> Search::Work(const Piece& piece) {
  anole::Run run =
      anole::Run::CreateOrResume(RunSettings(spec_, piece), RunPath(folder_, spec_, piece));
  while (!run.finished() && !run.divergence()) {  // whatever run.max_seconds says
    if (observer_.train) {
      observer_.train(run, ranks_);
    } else {
      run.Train({.should_stop = [] { return InterruptGuard::signal() != 0; }}, ranks_);
    }
    if (InterruptGuard::signal() != 0) return std::nullopt;
  }
  Score score{.means = {}, .samples = run.state().samples, .failure = ""};
  if (run.divergence()) {
    score.means = Vector::Constant(run.experiment().evaluation.updates + 1, std::nan(""));
    score.failure = run.divergence()->reason;
    return score;
  }
  const Evaluation evaluation = run.Evaluate({.phase = Phase::kValidation}, ranks_).evaluation;
  score.means = evaluation.scores.rowwise().mean();
  if (const Eigen::Index broken = evaluation.broken_tasks(); broken > 0) {
    score.failure = fmt::format("adaptation breaks the parameters on {} of {} tasks", broken,
                                evaluation.tasks.cols());
  }
  return score;
}

// Of a method, all its pieces are known beforehand: halving is by numbers.
void Search::Tell(const Piece& piece) const {
  if (!observer_.on_piece) return;
  std::size_t total = 0;
  for (const TunedMethod& method : spec_.methods) {
    if (method.trials.empty()) continue;
    for (const Rung& rung : spec_.rungs) {
      total += static_cast<std::size_t>(rung.trials) * spec_.seeds.size();
    }
  }
  std::string choices;
  for (const Setting& choice : spec_.methods[piece.method].trials[piece.trial].choices) {
    choices += fmt::format(" {}={}", choice.name, ValueText(choice.value));
  }
  observer_.on_piece(
      known_.size(), total,
      fmt::format("{}, trial {}, seed {}, to {} {}:{}", spec_.methods[piece.method].name,
                  piece.trial + 1, spec_.seeds[piece.seed], spec_.rungs[piece.rung].env_steps,
                  result_.loop.rolls_out ? "steps" : "examples", choices));
}

}  // namespace

bool MethodOutcome::has_best() const {
  return !ranking.empty() && !std::isnan(trials[ranking.front()].scores.back());
}

void CheckTuning(const TuneSpec& spec, const fs::path& folder) {
  for (std::size_t method = 0; method < spec.methods.size(); ++method) {
    for (std::size_t trial = 0; trial < spec.methods[method].trials.size(); ++trial) {
      for (std::size_t seed = 0; seed < spec.seeds.size(); ++seed) {
        for (std::size_t rung = 0; rung < spec.rungs.size(); ++rung) {
          ReadScore(folder, spec, {method, trial, rung, seed});
        }
        const Piece last{method, trial, spec.rungs.size() - 1, seed};
        // What another process has in hand, it has checked.
        if (RunLock::IsHeld(ScorePath(folder, spec, last).parent_path())) continue;
        Run::CheckCreateOrResume(RunSettings(spec, last), RunPath(folder, spec, last));
      }
    }
  }
}

bool RunTuning(const TuneSpec& spec, const fs::path& folder, const Communicator& ranks,
               const TuneObserver& observer, TuneResult& result) {
  const InterruptGuard interrupts("ending this trial's iteration; Ctrl-C again stops at once",
                                  "stopped at once; the same command goes on where it was");
  Search search(spec, folder, ranks, observer);
  const bool finished = search.Complete();
  result = std::move(search.result());
  return finished;
}

}  // namespace anole::tune
