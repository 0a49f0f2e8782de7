#include "configs/excerpt.h"

namespace anole {
namespace {

// Whether a letter begins at `place`, or goes on there.
bool Begins(std::string_view text, std::size_t place) {
  return (static_cast<unsigned char>(text[place]) & 0xC0) != 0x80;
}

}  // namespace

std::string Excerpt(std::string_view text, std::size_t longest) {
  if (text.size() <= longest) return std::string(text);
  constexpr std::size_t kLongestLetter = 4;
  std::size_t first = longest * 2 / 3, last = text.size() - longest / 3;
  for (std::size_t i = 0; i < kLongestLetter && first > 0 && !Begins(text, first); ++i) --first;
  for (std::size_t i = 0; i < kLongestLetter && last + 1 < text.size() && !Begins(text, last); ++i)
    ++last;
  return std::string(text.substr(0, first)) + " ... " + std::string(text.substr(last)) + " (" +
         std::to_string(text.size()) + " bytes)";
}

}  // namespace anole
