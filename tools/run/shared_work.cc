#include "tools/run/shared_work.h"

#include <fmt/format.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "tools/run/count_text.h"
#include "tools/run/files/json_vector.h"
#include "tools/run/logs/log.h"
#include "tools/run/process/interrupt.h"
#include "tools/run/training_loop.h"

namespace anole {
namespace {

using Message = nlohmann::json;  // between ranks

// As CBOR, which holds doubles bit for bit, infinite ones too.
Message ToJson(const MetaState& state) {
  Message json;
  VisitFields(state, [&](const char* name, const auto& value, const StateField& /*field*/) {
    json[name] = value;
  });
  return json;
}

MetaState ToState(const Message& json) {
  MetaState state;
  VisitFields(state, [&](const char* name, auto& value, const StateField& /*field*/) {
    json.at(name).get_to(value);
  });
  return state;
}

// Column by column.
Message ToJson(const Matrix& matrix) {
  return {{"columns", matrix.cols()}, {"values", Vector(matrix.reshaped())}};
}

Matrix ToMatrix(const Message& json) {
  const Eigen::Index columns = json.at("columns");
  const Vector values = json.at("values");
  if (columns == 0) return {};
  return values.reshaped(values.size() / columns, columns);
}

constexpr const char *kTraining = "training", *kEvaluation = "evaluation";

// Calls the other ranks to work and does rank 0's part of it.
void Share(const Communicator& ranks, const char* name, const Experiment& experiment,
           const MetaState& state, Phase phase, const std::function<void()>& own_part) {
  const Matrix& goals = experiment.evaluation.goals;  // no option of the config
  if (ranks.size() == 1) return own_part();
  // Without --threads, each rank uses its own cores.
  const int threads = CurrentThreads() == ranks.threads() ? 0 : CurrentThreads();
  const std::vector<std::uint8_t> call = Message::to_cbor({{"work", name},
                                                           {"config", experiment.Toml()},
                                                           {"state", ToJson(state)},
                                                           {"goals", ToJson(goals)},
                                                           {"phase", phase},
                                                           {"threads", threads}});
  ranks.Broadcast({call.begin(), call.end()});
  try {
    own_part();
  } catch (const UserError& error) {
    // Whoever is in the midst of this work cannot be dismissed, as after other mistakes.
    throw std::runtime_error(error.what());
  }
}

}  // namespace

void ShareTraining(const Communicator& ranks, const Experiment& experiment, const MetaState& state,
                   const std::function<void()>& work) {
  Share(ranks, kTraining, experiment, state, Phase::kTrain, work);
}

Evaluation ShareEvaluation(const Communicator& ranks, const Experiment& experiment,
                           const InnerLoop& loop, const Learnable& state, Phase phase,
                           const std::function<void(std::int64_t tasks_done)>& progress) {
  Evaluation evaluation;
  Share(ranks, kEvaluation, experiment, MetaState(state), phase,
        [&] { evaluation = Evaluate(loop, state, phase, experiment.evaluation, progress, ranks); });
  return evaluation;
}

void DismissRanks(const Communicator& ranks) { ranks.Broadcast(""); }

void AssistFirstRank(const Communicator& ranks) {
  const InterruptGuard interrupts("");
  for (std::string call = ranks.Broadcast(""); !call.empty(); call = ranks.Broadcast("")) {
    const Message work = Message::from_cbor(call);
    Experiment experiment(
        Settings::FromText(work.at("config").get<std::string>(), "config of rank 0"));
    experiment.evaluation.goals = ToMatrix(work.at("goals"));
    const int threads = work.at("threads");
    WithThreads(threads > 0 ? threads : ranks.threads(), [&] {
      MetaState state = ToState(work.at("state"));
      const auto loop = experiment.MakeLoop();
      if (work.at("work") == kTraining) {
        TrainingDirector nobody;  // rank 0 has one
        TrainOnRank(ranks, experiment, *loop, state, nobody);
      } else {
        Evaluate(*loop, state, work.at("phase"), experiment.evaluation, {}, ranks);
      }
    });
  }
}

void WarnOfIdleRanks(const Communicator& ranks, std::int64_t tasks) {
  if (ranks.size() <= tasks) return;
  LogWarning(fmt::format("{} share {}: {} of them idle", CountText(ranks.size(), "rank"),
                         CountText(tasks, "adaptation"), ranks.size() - tasks));
}

}  // namespace anole
