#include "configs/suggest.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <set>

namespace anole {
namespace {

constexpr std::size_t kLongestKnownList = 12;
constexpr int kFar = 1000;

// What a slip of the memory changes: case, '-' for '_', leading dashes.
std::string Normalized(std::string_view word) {
  word.remove_prefix(std::min(word.find_first_not_of('-'), word.size()));
  std::string normalized;
  for (const unsigned char c : word) {
    normalized += c == '-' ? '_' : static_cast<char>(std::tolower(c));
  }
  return normalized;
}

std::string_view AfterLastDot(std::string_view word) { return word.substr(word.rfind('.') + 1); }

// Insertions, deletions, substitutions and swaps of neighbours ("optimal string alignment").
int EditDistance(std::string_view a, std::string_view b) {
  std::vector<int> row(b.size() + 1), last, before_last;
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last = last;
    last = row;
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, substitution});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

// A third of the letters may be wrong, three at the most.
int DistanceIfNear(std::string_view word, std::string_view known) {
  const int limit = std::min(3, (static_cast<int>(word.size()) + 1) / 3);
  const int distance = EditDistance(word, known);
  return distance <= limit ? distance : kFar;
}

// Small is near. The steps of 10 rank the ways of being near.
int Score(std::string_view word, std::string_view known) {
  const bool word_has_section = word.find('.') != std::string_view::npos;
  const int other_section = word_has_section ? 10 : 0;
  const int beginning =
      word.size() >= 3 && (known.starts_with(word) || AfterLastDot(known).starts_with(word)) ? 20
                                                                                             : kFar;
  return std::min({DistanceIfNear(word, known),
                   DistanceIfNear(AfterLastDot(word), AfterLastDot(known)) + other_section,
                   beginning});
}

}  // namespace

std::string Nearest(std::string_view word, const std::vector<std::string>& known) {
  const std::string normalized = Normalized(word);
  int best_score = kFar;
  std::string best;
  for (const std::string& candidate : known) {
    const int score = Score(normalized, Normalized(candidate));
    if (score < best_score) {
      best_score = score;
      best = candidate;
    }
  }
  return best;
}

std::string Suggestion(std::string_view word, const std::vector<std::string>& known) {
  const std::string nearest = Nearest(word, known);
  if (!nearest.empty()) return "; did you mean '" + nearest + "'?";
  std::string list;
  std::set<std::string_view> listed;
  for (const std::string& name : known) {
    if (listed.insert(name).second) list += (list.empty() ? "; known: " : ", ") + name;
  }
  return listed.size() <= kLongestKnownList ? list : "";
}

}  // namespace anole
