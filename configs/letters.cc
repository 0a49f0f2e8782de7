#include "configs/letters.h"

#include <cstddef>
#include <cstdint>

namespace anole {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr unsigned char kRaisedLead = 0xF4;  // of the UTF-8 of U+100000 to U+10FFFF

// UTF-8 puts 6 bits in each byte after the first.
bool IsTail(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// The length of the UTF-8 of a letter from U+0080 to U+FFFF at the start of `text`; 0 if there is
// none, or one longer than it need be, or half of a surrogate pair.
std::size_t LetterLength(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
  };
  if (byte(0) >= 0xC2 && byte(0) <= 0xDF && IsTail(byte(1))) return 2;
  const bool three = byte(0) >= 0xE0 && byte(0) <= 0xEF && IsTail(byte(1)) && IsTail(byte(2));
  const bool too_long = byte(0) == 0xE0 && byte(1) < 0xA0;
  const bool surrogate = byte(0) == 0xED && byte(1) >= 0xA0;
  return three && !too_long && !surrogate ? 3 : 0;
}

char Tail(std::uint32_t bits) { return static_cast<char>(0x80 | (bits & 0x3F)); }

}  // namespace

std::string RaiseLetters(std::string_view text) {
  std::string raised;
  if (text.starts_with(kByteOrderMark)) {
    raised = kByteOrderMark;
    text.remove_prefix(kByteOrderMark.size());
  }
  while (!text.empty()) {
    const std::size_t length = LetterLength(text);
    if (length == 0) {
      raised += text.front();
      text.remove_prefix(1);
      continue;
    }
    std::uint32_t letter = static_cast<unsigned char>(text[0]) & (length == 2 ? 0x1F : 0x0F);
    for (std::size_t i = 1; i < length; ++i) {
      letter = letter << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
    }
    raised += {static_cast<char>(kRaisedLead), Tail(letter >> 12), Tail(letter >> 6), Tail(letter)};
    text.remove_prefix(length);
  }
  return raised;
}

std::string LowerLetters(std::string_view text) {
  std::string lowered;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (static_cast<unsigned char>(text[i]) != kRaisedLead || i + 3 >= text.size()) {
      lowered += text[i];
      continue;
    }
    std::uint32_t letter = 0;
    for (std::size_t j = 1; j <= 3; ++j) {
      letter = letter << 6 | (static_cast<unsigned char>(text[i + j]) & 0x3F);
    }
    if (letter < 0x800) {
      lowered += {static_cast<char>(0xC0 | letter >> 6), Tail(letter)};
    } else {
      lowered += {static_cast<char>(0xE0 | letter >> 12), Tail(letter >> 6), Tail(letter)};
    }
    i += 3;
  }
  return lowered;
}

}  // namespace anole
