#include "envs/robot/motion_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <set>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include "configs/excerpt.h"
#include "configs/fingerprint.h"
#include "configs/suggest.h"
#include "configs/text_file.h"
#include "configs/user_error.h"

namespace anole {
namespace {

constexpr std::uintmax_t kMostBytes = 200'000'000;
constexpr std::size_t kMostClips = 1'000'000;
constexpr const char* kTime = "time";
constexpr const char* kClip = "clip";

std::string_view Trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// Without the quotes that some programs write about every cell.
std::string_view Unquoted(std::string_view cell) {
  cell = Trimmed(cell);
  const bool is_quoted = cell.size() > 1 && cell.front() == '"' && cell.back() == '"';
  return is_quoted ? cell.substr(1, cell.size() - 2) : cell;
}

// In quotes, as messages show what a stranger's file may hold.
std::string Shown(std::string_view cell) {
  constexpr std::size_t kLongest = 40;  // [bytes]
  std::string text = "'";
  text += OneLine(Excerpt(cell, kLongest));
  text += "'";
  return text;
}

// Up to the next `separator`, which is taken from the front of `rest` as well.
std::string_view TakeUpTo(char separator, std::string_view& rest) {
  const auto end = std::min(rest.find(separator), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return taken;
}

}  // namespace

class MotionTable::Reader {
 public:
  Reader(std::filesystem::path file, MotionTable& table) : file_(std::move(file)), table_(table) {}

  void Read() {
    const std::string text = ReadTextFile(file_, kMostBytes, "a file of motions");
    Fingerprint fingerprint;
    fingerprint.Add(std::as_bytes(std::span(text)));
    table_.checksum_ = fingerprint.text();
    std::string_view rest = text;
    while (!rest.empty()) {
      ++line_;
      const std::string_view line = Trimmed(TakeUpTo('\n', rest));
      if (line.empty()) continue;
      if (names_.empty()) {
        ReadNames(line);
      } else {
        ReadRow(line);
      }
    }
    if (names_.empty()) throw UserError(file_.string() + ": is empty");
    if (table_.times_.empty()) Fail("has names, but no numbers");
    EndClip();
  }

 private:
  [[noreturn]] void Fail(const std::string& problem) const {
    throw UserError(file_.string() + ":" + std::to_string(line_) + ": " + problem);
  }

  void ReadNames(std::string_view line) {
    if (line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);  // as Windows begins files
    if (line.starts_with('#')) line.remove_prefix(1);             // as NumPy's savetxt does
    std::set<std::string> known;
    bool more = true;
    while (more) {
      more = line.find(',') != std::string_view::npos;
      std::string name(Unquoted(TakeUpTo(',', line)));
      if (name.empty()) Fail("column " + std::to_string(names_.size() + 1) + " has no name");
      if (!known.insert(name).second) Fail("two columns are called " + Shown(name));
      if (name != kTime && name != kClip) table_.columns_.push_back(name);
      names_.push_back(std::move(name));
    }
    if (!known.contains(kTime)) {
      Fail("there is no column 'time' [s]; the first of " + std::to_string(names_.size()) +
           ", which commas separate, is " + Shown(names_.front()) + DidYouMean(kTime, names_));
    }
    if (table_.columns_.empty()) Fail("there is no column but 'time' and 'clip'");
  }

  double Number(std::string_view word, const std::string& name) const {
    word = Unquoted(word);
    const bool has_plus = word.size() > 1 && word[0] == '+' && word[1] != '-';
    const std::string_view digits = word.substr(has_plus ? 1 : 0);
    double value = 0;
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), value);
    constexpr double kLargest = 1e15;
    if (error != std::errc() || end != digits.end() || !(std::abs(value) <= kLargest)) {
      Fail("column " + Shown(name) + ": " + Shown(word) + " is no number within +-1e15");
    }
    return value;
  }

  void ReadRow(std::string_view line) {
    double time = 0, clip = 0;
    const auto count = static_cast<std::size_t>(std::ranges::count(line, ',')) + 1;
    if (count != names_.size()) {
      Fail("has " + std::to_string(count) + " numbers for " + std::to_string(names_.size()) +
           " columns");
    }
    for (const std::string& name : names_) {
      const double value = Number(TakeUpTo(',', line), name);
      if (name == kTime) {
        time = value;
      } else if (name == kClip) {
        clip = value;
      } else {
        table_.values_.push_back(value);
      }
    }
    Place(time, clip);
  }

  // Which clip the row belongs to that has just been read.
  void Place(double time, double clip) {
    std::vector<Clip>& clips = table_.clips_;
    const bool begins = clips.empty() || clip == static_cast<double>(clips.size());
    if (begins) {
      if (clip != static_cast<double>(clips.size())) Fail("the first clip must be 0");
      if (clips.size() == kMostClips) Fail("has too many clips");
      if (!clips.empty()) EndClip();
      clips.push_back({.begin = table_.times_.size()});
    } else if (clip != static_cast<double>(clips.size()) - 1) {
      Fail("column 'clip' must count up from 0, clip after clip");
    } else if (!(time > table_.times_.back())) {
      Fail("column 'time' does not grow; several motions need a column 'clip'");
    }
    table_.times_.push_back(time);
  }

  void EndClip() {
    Clip& last = table_.clips_.back();
    last.end = table_.times_.size();
    if (last.end - last.begin >= 2) return;
    Fail("clip " + std::to_string(table_.clips_.size() - 1) +
         " has one moment alone; the lines of a clip follow one another");
  }

  std::filesystem::path file_;
  MotionTable& table_;
  std::int64_t line_ = 0;
  std::vector<std::string> names_;  // of all columns
};

MotionTable::MotionTable(const std::filesystem::path& file) { Reader(file, *this).Read(); }

double MotionTable::length(std::size_t clip) const {
  return times_[clips_[clip].end - 1] - times_[clips_[clip].begin];
}

std::size_t MotionTable::RowWithout(std::span<const Eigen::Index> columns) const {
  for (std::size_t row = 0; row < times_.size(); ++row) {
    const double* const values = values_.data() + row * columns_.size();
    if (std::ranges::all_of(columns, [&](Eigen::Index i) { return values[i] == 0; })) {
      return row + 1;
    }
  }
  return 0;
}

std::pair<double, double> MotionTable::Extremes(Eigen::Index column) const {
  const auto first = static_cast<std::size_t>(column);
  double low = values_[first], high = low;
  for (std::size_t i = first; i < values_.size(); i += columns_.size()) {
    low = std::min(low, values_[i]);
    high = std::max(high, values_[i]);
  }
  return {low, high};
}

MotionTable::Moment MotionTable::At(std::size_t clip, double time) const {
  const auto begin = times_.begin() + static_cast<std::ptrdiff_t>(clips_[clip].begin);
  const auto end = times_.begin() + static_cast<std::ptrdiff_t>(clips_[clip].end);
  const double moment = *begin + time;
  // The last row has none after it, so the one before stands for it.
  const auto after = std::clamp(std::upper_bound(begin, end, moment), begin + 1, end - 1);
  const double earlier = *(after - 1), dt = *after - earlier;
  return {.row = after - 1 - times_.begin(),
          .share = std::clamp((moment - earlier) / dt, 0.0, 1.0),
          .dt = dt};
}

double MotionTable::Value(Eigen::Index column, const Moment& moment) const {
  const auto width = static_cast<Eigen::Index>(columns_.size());
  const double* const value = values_.data() + moment.row * width + column;
  return value[0] + moment.share * (value[width] - value[0]);
}

double MotionTable::Rate(Eigen::Index column, const Moment& moment) const {
  const auto width = static_cast<Eigen::Index>(columns_.size());
  const double* const value = values_.data() + moment.row * width + column;
  return (value[width] - value[0]) / moment.dt;
}

}  // namespace anole
