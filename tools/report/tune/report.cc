#include "tools/report/tune/report.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "configs/text_lines.h"
#include "tools/report/csv_cell.h"
#include "tools/report/table_text.h"
#include "tools/run/count_text.h"

namespace anole::tune {
namespace {

using Json = nlohmann::ordered_json;

std::string SeedsText(const std::vector<std::int64_t>& seeds) {
  return fmt::format("{}", fmt::join(seeds, ", "));
}

std::string UpdatesText(const TuneSpec& spec) {
  return spec.updates > 0 ? CountText(spec.updates, "update") : "the last update";
}

// The scores of a rung, in the order of the ranking; "-" of trials that did not come to it.
report::TableColumn RungColumn(const TuneSpec& spec, const MethodOutcome& outcome,
                               std::size_t rung) {
  report::TableColumn column{report::SamplesText(spec.rungs[rung].env_steps), {}};
  std::vector<double> scores;
  for (const std::size_t trial : outcome.ranking) {
    const std::vector<double>& of_trial = outcome.trials[trial].scores;
    if (rung < of_trial.size()) scores.push_back(of_trial[rung]);
  }
  const int decimals = report::SharedDecimals(
      Eigen::Map<const Vector>(scores.data(), static_cast<Eigen::Index>(scores.size())));
  for (const std::size_t trial : outcome.ranking) {
    const std::vector<double>& of_trial = outcome.trials[trial].scores;
    column.cells.push_back(rung < of_trial.size() ? report::ScoreText(of_trial[rung], decimals)
                                                  : "-");
  }
  return column;
}

std::string MethodTable(const TuneSpec& spec, const TunedMethod& method,
                        const MethodOutcome& outcome) {
  std::vector<report::TableColumn> table = {{.name = "trial"}};
  for (const std::size_t trial : outcome.ranking) {
    table[0].cells.push_back(std::to_string(trial + 1));
  }
  for (std::size_t rung = 0; rung < spec.rungs.size(); ++rung) {
    table.push_back(RungColumn(spec, outcome, rung));
  }
  for (std::size_t i = 0; i < method.trials.front().choices.size(); ++i) {
    report::TableColumn& column = table.emplace_back();
    column.name = method.trials.front().choices[i].name;
    for (const std::size_t trial : outcome.ranking) {
      column.cells.push_back(ValueText(method.trials[trial].choices[i].value));
    }
  }
  return report::TableText(table);
}

// Why trials have no score: of each the first reason, and the seeds that have one.
std::string FailuresText(const TuneSpec& spec, const MethodOutcome& outcome) {
  std::string text;
  for (const std::size_t trial : outcome.ranking) {
    const std::vector<Score>& scores = outcome.trials[trial].rungs.back();
    std::vector<std::int64_t> seeds;
    std::string reason;
    for (std::size_t seed = 0; seed < scores.size(); ++seed) {
      if (scores[seed].failure.empty()) continue;
      if (reason.empty()) reason = scores[seed].failure;
      seeds.push_back(spec.seeds[seed]);
    }
    if (reason.empty()) continue;
    text += fmt::format("- trial {}, {} {}: {}\n", trial + 1, seeds.size() == 1 ? "seed" : "seeds",
                        SeedsText(seeds), reason);
  }
  return text.empty() ? "" : "\nfailed:\n" + text;
}

Json ScoresJson(const TuneSpec& spec, const TunedMethod& method, const MethodOutcome& outcome,
                std::size_t trial) {
  Json rungs = Json::array();
  for (std::size_t rung = 0; rung < outcome.trials[trial].rungs.size(); ++rung) {
    Json seeds = Json::array();
    for (std::size_t seed = 0; seed < spec.seeds.size(); ++seed) {
      const Score& score = outcome.trials[trial].rungs[rung][seed];
      seeds.push_back({{"seed", spec.seeds[seed]},
                       {"samples", score.samples},
                       {"scores", std::vector<double>(score.means.begin(), score.means.end())}});
      if (!score.failure.empty()) seeds.back()["failure"] = score.failure;
    }
    rungs.push_back({{"iterations", method.trials[trial].iterations[rung]},
                     {"score", outcome.trials[trial].scores[rung]},
                     {"seeds", std::move(seeds)}});
  }
  return rungs;
}

}  // namespace

std::string TextReport(const TuneSpec& spec, const TuneResult& result) {
  std::string text;
  const auto prose = [&](const std::string& words) {
    for (const std::string& line : Wrap(words)) text += line + "\n";
  };
  prose(
      fmt::format("{}: {} after {} on validation tasks ({}), mean over seeds {}; best first. "
                  "Columns of numbers: after so many {}.",
                  result.family, result.loop.score, UpdatesText(spec), spec.tasks,
                  SeedsText(spec.seeds), result.loop.rolls_out ? "steps" : "examples"));
  for (std::size_t i = 0; i < spec.methods.size(); ++i) {
    const TunedMethod& method = spec.methods[i];
    const MethodOutcome& outcome = result.methods[i];
    if (method.trials.empty()) {
      text += fmt::format("\n{}: nothing to choose\n", method.name);
      continue;
    }
    text += fmt::format("\n{}: {} trials, {} {} together\n\n", method.name, method.trials.size(),
                        report::SamplesText(outcome.samples),
                        result.loop.rolls_out ? "steps" : "examples");
    text += MethodTable(spec, method, outcome);
    prose(FailuresText(spec, outcome));
  }
  return text;
}

std::string CsvReport(const TuneSpec& spec, const TuneResult& result) {
  std::string text =
      fmt::format("method,trial,place,env_steps,iterations,seed,{},options\n", result.loop.score);
  for (std::size_t i = 0; i < spec.methods.size(); ++i) {
    const MethodOutcome& outcome = result.methods[i];
    for (std::size_t place = 0; place < outcome.ranking.size(); ++place) {
      const std::size_t trial = outcome.ranking[place];
      const Trial& tried = spec.methods[i].trials[trial];
      std::string options;
      for (const Setting& choice : tried.choices) {
        options += fmt::format("{}{}={}", options.empty() ? "" : " ", choice.name,
                               ValueText(choice.value));
      }
      for (std::size_t rung = 0; rung < outcome.trials[trial].rungs.size(); ++rung) {
        for (std::size_t seed = 0; seed < spec.seeds.size(); ++seed) {
          const Vector& means = outcome.trials[trial].rungs[rung][seed].means;
          const double score = means[spec.updates > 0 ? spec.updates : means.size() - 1];
          text += fmt::format("{},{},{},{},{},{},{},{}\n", spec.methods[i].name, trial + 1,
                              place + 1, spec.rungs[rung].env_steps, tried.iterations[rung],
                              spec.seeds[seed], std::isnan(score) ? "" : fmt::format("{}", score),
                              report::CsvCell(options));
        }
      }
    }
  }
  return text;
}

std::string JsonReport(const TuneSpec& spec, const TuneResult& result) {
  Json json = {{"family", result.family},
               {"score", result.loop.score},
               {"higher_is_better", result.loop.higher_is_better},
               {"seeds", spec.seeds},
               {"tasks", spec.tasks},
               {"updates", spec.updates > 0 ? Json(spec.updates) : Json("last")}};
  for (const Rung& rung : spec.rungs) {
    json["rungs"].push_back({{"trials", rung.trials}, {"env_steps", rung.env_steps}});
  }
  for (std::size_t i = 0; i < spec.methods.size(); ++i) {
    const TunedMethod& method = spec.methods[i];
    const MethodOutcome& outcome = result.methods[i];
    Json entry = {{"name", method.name}, {"samples", outcome.samples}};
    entry["chosen"] = outcome.has_best() ? Json(outcome.ranking.front() + 1) : Json();
    entry["trials"] = Json::array();
    for (const std::size_t trial : outcome.ranking) {
      Json options = Json::object();
      for (const Setting& choice : method.trials[trial].choices) {
        options[choice.name] = ValueText(choice.value);
      }
      entry["trials"].push_back({{"trial", trial + 1},
                                 {"options", std::move(options)},
                                 {"rungs", ScoresJson(spec, method, outcome, trial)}});
    }
    json["methods"].push_back(std::move(entry));
  }
  return json.dump(2) + "\n";
}

}  // namespace anole::tune
