#include "envs/robot/names.h"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <system_error>
#include <utility>

#include "configs/suggest.h"
#include "configs/user_error.h"

namespace anole {
namespace {

constexpr std::string_view kOfBody = "body:";

int Count(const mjModel& model, mjtObj kind) {
  switch (kind) {
    case mjOBJ_BODY:
      return static_cast<int>(model.nbody);
    case mjOBJ_JOINT:
      return static_cast<int>(model.njnt);
    case mjOBJ_GEOM:
      return static_cast<int>(model.ngeom);
    case mjOBJ_SITE:
      return static_cast<int>(model.nsite);
    case mjOBJ_ACTUATOR:
      return static_cast<int>(model.nactuator);
    case mjOBJ_SENSOR:
      return static_cast<int>(model.nsensor);
    case mjOBJ_KEY:
      return static_cast<int>(model.nkey);
    default:
      return 0;
  }
}

// As a list of names has to say it.
std::string Escaped(const std::string& name) {
  std::string text;
  for (const char c : name) {
    if (c == ',' || c == '\\') text += '\\';
    text += c;
  }
  return text;
}

std::string Unescaped(const std::string& word) {
  std::string text;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '\\' && i + 1 < word.size()) ++i;
    text += word[i];
  }
  return text;
}

// At the commas that no backslash precedes, without spaces around; escapes stay.
std::vector<std::string> WordsIn(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    const auto begin = word.find_first_not_of(' ');
    if (begin != std::string::npos) {
      words.push_back(word.substr(begin, word.find_last_not_of(' ') - begin + 1));
    }
    word.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ',') {
      end_word();
      continue;
    }
    word += text[i];
    if (text[i] == '\\' && i + 1 < text.size()) word += text[++i];
  }
  end_word();
  return words;
}

bool HasWildcard(const std::string& word) {
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '\\') {
      ++i;
    } else if (word[i] == '*' || word[i] == '?' || word[i] == '[') {
      return true;
    }
  }
  return false;
}

// One word of a list.
std::vector<ChosenElement> Choose(const mjModel& model, mjtObj kind, const std::string& word) {
  for (const std::string& name : {word, Unescaped(word)}) {
    if (const int id = IdOf(model, kind, name); id >= 0) return {{id, true}};
  }
  std::vector<ChosenElement> chosen;
  if (kind == mjOBJ_GEOM && word.starts_with(kOfBody)) {
    for (const ChosenElement& body : Choose(model, mjOBJ_BODY, word.substr(kOfBody.size()))) {
      for (int i = 0; i < model.body_geomnum[body.id]; ++i) {
        chosen.push_back({model.body_geomadr[body.id] + i, false});
      }
    }
    return chosen;
  }
  if (!HasWildcard(word)) return {};
  for (int id = 0; id < Count(model, kind); ++id) {
    if (fnmatch(word.c_str(), ElementName(model, kind, id).c_str(), 0) == 0) {
      chosen.push_back({id, false});
    }
  }
  return chosen;
}

}  // namespace

std::string KindText(mjtObj kind) { return kind == mjOBJ_KEY ? "keyframe" : mju_type2Str(kind); }

std::string ElementName(const mjModel& model, mjtObj kind, int id) {
  const char* const name = mj_id2name(&model, kind, id);
  return name == nullptr || *name == '\0' ? std::string("#").append(std::to_string(id))
                                          : std::string(name);
}

std::vector<std::string> SplitList(const std::string& text) {
  std::vector<std::string> words = WordsIn(text);
  for (std::string& word : words) word = Unescaped(word);
  return words;
}

int IdOf(const mjModel& model, mjtObj kind, const std::string& name) {
  const int id = mj_name2id(&model, kind, name.c_str());
  if (id >= 0 || !name.starts_with('#')) return id;
  int number = -1;
  const char* const end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data() + 1, end, number);
  const bool whole = error == std::errc() && rest == end;
  return whole && number >= 0 && number < Count(model, kind) ? number : -1;
}

std::string ElementSuggestion(const mjModel& model, mjtObj kind, const std::string& word) {
  std::vector<std::string> names;
  for (int id = 0; id < Count(model, kind); ++id) {
    names.push_back(Escaped(ElementName(model, kind, id)));
  }
  return Suggestion(word, names);
}

std::vector<ChosenElement> ChooseElements(const mjModel& model, const std::string& model_name,
                                          mjtObj kind, const std::string& option,
                                          const std::string& patterns,
                                          const std::function<bool(int)>& eligible) {
  std::vector<ChosenElement> all;
  std::vector<std::string> words = WordsIn(patterns);
  if (mj_name2id(&model, kind, patterns.c_str()) >= 0) words = {patterns};
  for (const std::string& word : words) {
    std::vector<ChosenElement> chosen = Choose(model, kind, word);
    std::erase_if(chosen, [&](const ChosenElement& e) { return eligible && !eligible(e.id); });
    if (chosen.empty()) {
      const bool of_body = kind == mjOBJ_GEOM && word.starts_with(kOfBody);
      const mjtObj suggested = of_body ? mjOBJ_BODY : kind;
      const std::string name = of_body ? word.substr(kOfBody.size()) : word;
      std::string problem = "no " + KindText(kind) + " '" + word;
      problem += "' to choose in " + model_name + ElementSuggestion(model, suggested, name);
      throw OptionError(option, problem);
    }
    all.insert(all.end(), chosen.begin(), chosen.end());
  }
  if (all.empty()) throw OptionError(option, "must name at least one " + KindText(kind));
  // Of the same element what was meant in particular comes first, and stays.
  std::ranges::sort(all, {}, [](const ChosenElement& e) { return std::pair(e.id, !e.by_name); });
  const auto same = [](const ChosenElement& a, const ChosenElement& b) { return a.id == b.id; };
  const auto repeated = std::ranges::unique(all, same);
  all.erase(repeated.begin(), repeated.end());
  return all;
}

}  // namespace anole
