#include "configs/excerpt.h"

namespace anole {
namespace {

// "\x1b"
std::string Code(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return {'\\', 'x', kDigits[byte / 16], kDigits[byte % 16]};
}

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

std::string OneLine(std::string_view text) {
  std::string line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    if (byte == '\n') {
      line += ' ';
    } else if (byte < ' ' || byte == 0x7f) {
      line += Code(byte);
    } else if (byte == 0xC2 && next >= 0x80 && next < 0xA0) {  // U+0080 to U+009F are commands, too
      line += Code(next);
      ++i;
    } else {
      line += text[i];
    }
  }
  return line;
}

}  // namespace anole
