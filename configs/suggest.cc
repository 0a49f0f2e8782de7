#include "configs/suggest.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <set>

namespace anole {
namespace {

constexpr std::size_t kLongestKnownList = 12;
constexpr std::size_t kMostSuggested = 4;
constexpr std::size_t kLongestWord = 100;  // [bytes]; nobody mistypes longer names
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
  const std::size_t longer = std::max(word.size(), known.size());
  if (longer - std::min(word.size(), known.size()) > static_cast<std::size_t>(limit)) return kFar;
  const int distance = EditDistance(word, known);
  return distance <= limit ? distance : kFar;
}

// Whether somebody may have typed `word` and left off the rest of `known`: a whole word of it, or
// at least four letters.
bool Begins(std::string_view word, std::string_view known) {
  if (word.size() < 3 || !known.starts_with(word)) return false;
  const bool whole = word.size() == known.size() || known[word.size()] == '_';
  return whole || word.size() >= 4;
}

// Small is near. Even steps count letters; those of 20 rank the ways of being near.
int Score(std::string_view word, std::string_view known) {
  const auto distance = [](std::string_view a, std::string_view b) {
    const int letters = DistanceIfNear(a, b);
    return letters == kFar ? kFar : 2 * letters;
  };
  const bool word_has_section = word.find('.') != std::string_view::npos;
  const bool known_has_section = known.find('.') != std::string_view::npos;
  // Who types no section means a flag before an option that is called alike.
  const int other_section = word_has_section ? 20 : known_has_section ? 1 : 0;
  const int beginning = Begins(word, known) || Begins(word, AfterLastDot(known)) ? 40 : kFar;
  return std::min({distance(word, known),
                   distance(AfterLastDot(word), AfterLastDot(known)) + other_section, beginning});
}

// The known names that are nearest to `word`, each once, in their order.
std::vector<std::string> AllNearest(std::string_view word, const std::vector<std::string>& known) {
  std::vector<std::string> nearest;
  if (word.size() > kLongestWord) return nearest;
  const std::string normalized = Normalized(word);
  int best_score = kFar;
  for (const std::string& candidate : known) {
    if (candidate == word || candidate.size() > kLongestWord) continue;
    const int score = Score(normalized, Normalized(candidate));
    if (score >= kFar || score > best_score) continue;
    if (score < best_score) nearest.clear();
    best_score = score;
    if (std::ranges::find(nearest, candidate) == nearest.end()) nearest.push_back(candidate);
  }
  return nearest;
}

}  // namespace

std::string Nearest(std::string_view word, const std::vector<std::string>& known) {
  const std::vector<std::string> nearest = AllNearest(word, known);
  return nearest.empty() ? "" : nearest.front();
}

std::string DidYouMean(std::string_view word, const std::vector<std::string>& known) {
  const std::vector<std::string> nearest = AllNearest(word, known);
  if (nearest.empty() || nearest.size() > kMostSuggested) return "";
  std::string text;
  for (const std::string& name : nearest) {
    const bool is_last = &name == &nearest.back();
    text += (text.empty() ? "'" : is_last ? " or '" : ", '") + name + "'";
  }
  return "; did you mean " + text + "?";
}

std::string Suggestion(std::string_view word, const std::vector<std::string>& known) {
  std::string meant = DidYouMean(word, known);
  if (!meant.empty()) return meant;
  std::string list;
  std::set<std::string_view> listed;
  for (const std::string& name : known) {
    if (name.size() > kLongestWord) return "";
    if (listed.insert(name).second) list += (list.empty() ? "; known: " : ", ") + name;
  }
  return listed.size() <= kLongestKnownList ? list : "";
}

}  // namespace anole
