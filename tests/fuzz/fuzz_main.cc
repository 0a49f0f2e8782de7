// libFuzzer with one of the harnesses: anole_fuzz HARNESS [options of libFuzzer] FOLDER...; or
// anole_fuzz --list, anole_fuzz --dictionary.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>

#include "envs/robot/formula.h"
#include "envs/robot/task_sections.h"
#include "tests/fuzz/harness.h"
#include "tools/run/experiment.h"

namespace {

using anole::fuzz::Harness, anole::fuzz::Harnesses;

const Harness* chosen = nullptr;

void AddOptions(const std::vector<anole::OptionDescription>& options,
                std::set<std::string>& words) {
  for (const anole::OptionDescription& option : options) {
    words.insert(option.name.substr(option.name.find('.') + 1) + " = ");
    words.insert(option.choices.begin(), option.choices.end());
  }
}

// What inputs are made of, in libFuzzer's format: whoever writes a file knows all names.
void PrintDictionary() {
  std::set<std::string> words;
  const auto catalogue = anole::Experiment::Catalogue();
  AddOptions(catalogue, words);
  for (const anole::OptionDescription& option : catalogue) {
    words.insert("[" + option.name.substr(0, option.name.find('.')) + "]");
  }
  for (const anole::SectionReference& section : anole::RobotFileReference()) {
    words.insert(section.name);
    AddOptions(section.options, words);
    for (const auto& term : section.terms) {
      words.insert(section.choice + " = \\\"" + term.name + "\\\"");
      AddOptions(term.options, words);
    }
  }
  for (const anole::FormulaFunction& function : anole::FormulaFunctions()) {
    words.insert(function.name + "(");
  }
  for (const std::string& word : words) std::printf("\"%s\"\n", word.c_str());
}

}  // namespace

extern "C" {

std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

// libFuzzer starts this program again, with its own words, where it merges or forks: then the name
// is in the environment.
int LLVMFuzzerInitialize(int* count, char*** words) {
  constexpr const char* kVariable = "ANOLE_FUZZ_HARNESS";
  const char* name = std::getenv(kVariable);
  if (name == nullptr) {
    name = *count > 1 ? (*words)[1] : "--list";
    if (std::string(name) == "--dictionary") {
      PrintDictionary();
      std::exit(0);
    }
    setenv(kVariable, name, 1);
    std::copy(*words + 2, *words + *count + 1, *words + 1);
    --*count;
  }
  const auto found = Harnesses().find(name);
  if (found == Harnesses().end()) {
    for (const auto& [harness, unused] : Harnesses()) std::printf("%s\n", harness.c_str());
    std::exit(std::string(name) == "--list" ? 0 : 2);
  }
  chosen = &found->second;
  return 0;
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chosen->run({reinterpret_cast<const char*>(data), size});
  return 0;
}

std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                    unsigned int seed) {
  size = LLVMFuzzerMutate(data, size, max_size);
  if (chosen->mend == nullptr || seed % 8 == 0) return size;  // some stay broken
  std::string input(reinterpret_cast<const char*>(data), size);
  chosen->mend(input);
  if (input.size() > max_size) return size;
  std::ranges::copy(input, reinterpret_cast<char*>(data));
  return input.size();
}
}
