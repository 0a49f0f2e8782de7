#include "tools/app/robot_words.h"

#include <fmt/format.h>

#include "tools/run/count_text.h"

namespace anole::app {

void PrintLine(const std::string& name, const std::string& text) {
  fmt::print("{}\n", text.empty() ? name : fmt::format("{:<13} {}", name, text));
}

std::string GrowthText(const Growing& growth, Growth of) {
  std::string told =
      fmt::format("within {} {}", growth.whole,
                  of == Growth::kTasks ? "training tasks" : "iterations of training");
  if (growth.steps > 0) told += fmt::format(", in {}", CountText(growth.steps, "step"));
  return told;
}

std::string In(const std::string& told) { return told.empty() ? "" : "; " + told; }

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string Several(const std::vector<std::string>& words) {
  constexpr std::size_t kMost = 8;
  if (words.size() <= kMost + 1) return Joined(words);
  return Joined({words.begin(), words.begin() + kMost}) +
         fmt::format(" and {} more", words.size() - kMost);
}

}  // namespace anole::app
