// The words by which options name the values of an enum. They stand once, beside the enum, in the
// order in which documentation lists them:
//
//   enum class Baseline { kLinear, kCritic };
//   constexpr auto WordsOf(Baseline) {
//     return Words<Baseline>({{Baseline::kLinear, "linear"}, {Baseline::kCritic, "critic"}});
//   }
//
// An option of that type takes no other word, and code switches over its values.
#pragma once

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string_view>

namespace anole {

template <class Enum>
struct Word {
  Enum value;
  std::string_view word;
};

template <class Enum, std::size_t n>
constexpr std::array<Word<Enum>, n> Words(const Word<Enum> (&words)[n]) {
  return std::to_array(words);
}

// The word of a value.
template <class Enum>
constexpr std::string_view WordOf(Enum value) {
  for (const Word<Enum>& known : WordsOf(value)) {
    if (known.value == value) return known.word;
  }
  throw std::logic_error("a value of an enum has no word");
}

// The value that a word names.
template <class Enum>
constexpr Enum ValueOfWord(std::string_view word) {
  for (const Word<Enum>& known : WordsOf(Enum{})) {
    if (known.word == word) return known.value;
  }
  throw std::logic_error("no value of an enum has this word");
}

}  // namespace anole
