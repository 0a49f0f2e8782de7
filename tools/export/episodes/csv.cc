// CSV: a row for each control step, as spreadsheets and pandas read it.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

#include "configs/suggest.h"
#include "tools/export/episodes/episode_assembler.h"
#include "tools/export/episodes/episode_format.h"
#include "tools/run/files/csv_text.h"
#include "tools/run/files/new_file.h"

namespace anole::exports {
namespace {

void AppendNames(std::string& text, const char* name, Eigen::Index count) {
  for (Eigen::Index i = 0; i < count; ++i) text += fmt::format(",{}_{}", name, i);
}

void AppendNumbers(std::string& text, VectorIn numbers) {
  for (const double number : numbers) text += fmt::format(",{}", number);
}

void WriteCsv(const Recording& recording, const std::filesystem::path& file) {
  const RecordedEpisode& first = recording.batches.front().front();
  std::string text = "batch,episode,step,time";
  AppendNames(text, "observation", first.episode.observations.rows());
  AppendNames(text, "action", first.episode.actions.rows());
  text += ",reward,log_prob,end";
  for (const std::string& term : recording.reward_terms) text += ",term_" + term;
  AppendNames(text, "qpos", first.qpos.rows());
  AppendNames(text, "qvel", first.qvel.rows());
  text += '\n';
  ForEachStep(recording, [&](const PlacedStep& step) {
    const auto& [episode, qpos, qvel] = step.recorded;
    const std::int64_t t = step.step;
    text += fmt::format("{},{},{},{}", step.batch, step.episode, t,
                        static_cast<double>(t) * recording.control_dt);
    AppendNumbers(text, episode.observations.col(t));
    AppendNumbers(text, episode.actions.col(t));
    text += fmt::format(",{},{},{}", episode.rewards[t], episode.log_probs[t],
                        step.is_last() ? WordOfEnd(episode.end) : "");
    AppendNumbers(text, episode.reward_terms.col(t));
    AppendNumbers(text, qpos.col(t));
    AppendNumbers(text, qvel.col(t));
    text += '\n';
  });
  WriteNewFile(file, text);
}

std::vector<std::string_view> Cells(std::string_view line) {
  std::vector<std::string_view> cells;
  for (std::size_t start = 0;;) {
    const std::size_t comma = line.find(',', start);
    std::string_view cell = line.substr(start, comma - start);
    while (cell.starts_with(' ')) cell.remove_prefix(1);
    while (cell.ends_with(' ')) cell.remove_suffix(1);
    cells.push_back(cell);
    if (comma == std::string_view::npos) return cells;
    start = comma + 1;
  }
}

// Which cells of a row hold what.
struct Columns {
  std::vector<std::size_t> observation, action;
  std::optional<std::size_t> batch, episode, step, log_prob;
  std::size_t reward = 0, end = 0;
  std::size_t count = 0;
};

class CsvReader {
 public:
  CsvReader(const std::filesystem::path& file, const FamilySpec& spec)
      : assembler_(spec, file), spec_(spec) {}

  std::vector<std::vector<Episode>> Read(std::string_view text) {
    ForEachLine(text, [&](std::int64_t line, std::string_view row, bool is_last) {
      if (line == 1) {
        ReadHeader(Cells(row));
      } else if (!row.empty()) {
        ReadRow(line, Cells(row));
      } else if (!is_last) {
        assembler_.Refuse(line, "is empty");
      }
    });
    return assembler_.Finish();
  }

 private:
  void ReadHeader(const std::vector<std::string_view>& names) {
    const auto find = [&](const std::string& name) -> std::optional<std::size_t> {
      const auto found = std::ranges::find(names, name);
      if (found == names.end()) return {};
      if (std::find(found + 1, names.end(), name) != names.end()) {
        assembler_.Refuse(1, "two columns are called " + name);
      }
      return found - names.begin();
    };
    const auto need = [&](const std::string& name) {
      if (const auto found = find(name)) return *found;
      assembler_.Refuse(
          1, fmt::format("no column is called {}{}", name,
                         Suggestion(name, std::vector<std::string>(names.begin(), names.end()))));
    };
    const auto need_all = [&](const std::string& name, std::int64_t count) {
      std::vector<std::size_t> found;
      for (std::int64_t i = 0; i < count; ++i) found.push_back(need(fmt::format("{}_{}", name, i)));
      if (find(fmt::format("{}_{}", name, count))) {
        assembler_.Refuse(
            1, fmt::format("there are more than the policy's {} columns {}_0 ...", count, name));
      }
      return found;
    };
    columns_ = {.observation = need_all("observation", spec_.observation_dim),
                .action = need_all("action", spec_.action_dim),
                .batch = find("batch"),
                .episode = find("episode"),
                .step = find("step"),
                .log_prob = find("log_prob"),
                .reward = need("reward"),
                .end = need("end"),
                .count = names.size()};
    names_.assign(names.begin(), names.end());
  }

  template <class Value>
  Value Number(std::int64_t line, const std::vector<std::string_view>& cells, std::size_t i) const {
    Value value{};
    const std::string_view cell = cells[i];
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error == std::errc() && end == cell.data() + cell.size()) return value;
    if (error == std::errc::result_out_of_range) {
      assembler_.Refuse(line, fmt::format("{}: {} is out of range", names_[i], cell));
    }
    assembler_.Refuse(line, cell.empty() ? names_[i] + " is empty"
                                         : fmt::format("{}: '{}' is not {}", names_[i], cell,
                                                       std::is_integral_v<Value> ? "a whole number"
                                                                                 : "a number"));
  }

  void ReadRow(std::int64_t line, const std::vector<std::string_view>& cells) {
    if (cells.size() != columns_.count) {
      assembler_.Refuse(
          line, fmt::format("has {} cells, the header has {}", cells.size(), columns_.count));
    }
    const auto count = [&](std::optional<std::size_t> column) -> std::optional<std::int64_t> {
      if (!column) return {};
      return Number<std::int64_t>(line, cells, *column);
    };
    const auto vector = [&](const std::vector<std::size_t>& columns) {
      Vector numbers(std::ssize(columns));
      for (std::size_t i = 0; i < columns.size(); ++i) {
        numbers[static_cast<Eigen::Index>(i)] = Number<double>(line, cells, columns[i]);
      }
      return numbers;
    };
    RecordedStep step{.batch = count(columns_.batch),
                      .episode = count(columns_.episode),
                      .step = count(columns_.step),
                      .observation = vector(columns_.observation),
                      .action = vector(columns_.action),
                      .reward = Number<double>(line, cells, columns_.reward),
                      .end = std::string(cells[columns_.end])};
    if (columns_.log_prob) step.log_prob = Number<double>(line, cells, *columns_.log_prob);
    assembler_.Add(line, step);
  }

  EpisodeAssembler assembler_;
  const FamilySpec& spec_;
  Columns columns_;
  std::vector<std::string> names_;
};

std::vector<std::vector<Episode>> ReadCsv(std::string_view text, const std::filesystem::path& file,
                                          const FamilySpec& spec) {
  return CsvReader(file, spec).Read(PlainCsv(text));
}

const RegisterEpisodeFormat registration(".csv", {WriteCsv, ReadCsv});

}  // namespace
}  // namespace anole::exports
