// What reads files and words that anybody may have written is fed with anything here. libFuzzer
// runs a harness on inputs that it makes (fuzz_main.cc, tools/fuzz), the ordinary tests on those of
// corpus/HARNESS (replay_main.cc).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace anole::fuzz {

struct Harness {
  // Reads `input` as the program would. What it throws is a finding: a user's mistake is caught by
  // Accept.
  void (*run)(std::string_view input) = nullptr;
  // Makes a changed input well-formed again where nothing would be reached otherwise: checksums,
  // lengths. Null: it stays as it is.
  void (*mend)(std::string& input) = nullptr;
};

// By their names.
std::map<std::string, Harness>& Harnesses();

// An object of static duration makes a harness one of them.
struct RegisterHarness {
  RegisterHarness(const std::string& name, Harness harness) { Harnesses()[name] = harness; }
};

// Calls `read`, and tells whether it has read: it may refuse its input by a UserError that says
// why.
bool Accept(const std::function<void()>& read);

// Aborts, with the sentence, where what must hold of each input does not.
void Require(bool holds, const std::string& sentence);

// A folder of this process, which goes when it ends.
const std::filesystem::path& Folder();

// Writes a file below Folder() and tells its path.
std::filesystem::path Write(const std::string& name, std::string_view text);

// All of a file.
std::string TextOf(const std::filesystem::path& file);

// One input that is several files: each begins with a line "@@ NAME". What is before the first one
// is called "".
std::map<std::string, std::string> FilesOf(std::string_view input);

}  // namespace anole::fuzz
