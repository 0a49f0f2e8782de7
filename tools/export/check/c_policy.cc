#include "tools/export/check/c_policy.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

#include "configs/user_error.h"
#include "tools/run/files/scratch_folder.h"
#include "tools/run/shell_text.h"

namespace anole::exports {
namespace {

namespace fs = std::filesystem;

// The compiler, and flags if it has some.
std::string Compiler() {
  const char* const given = std::getenv("CC");
  return given == nullptr || *given == '\0' ? "cc" : given;
}

// The first line of a compiler's messages that tells of an error; else the first one.
std::string FirstError(const fs::path& log) {
  std::ifstream file(log);
  std::string line, first;
  while (std::getline(file, line)) {
    if (line.find("error") != std::string::npos) return line;
    if (first.empty()) first = line;
  }
  return first.empty() ? "it says nothing" : first;
}

}  // namespace

// The functions of anole_policy.h.
struct CPolicy::Library {
  ScratchFolder folder;
  std::unique_ptr<void, int (*)(void*)> handle{nullptr, dlclose};
  std::size_t (*bytes)() = nullptr;
  int (*selfcheck)(void*) = nullptr;
  void (*begin)(void*) = nullptr;
  void (*act)(void*, const float*, const float*, float*) = nullptr;
  int (*record)(void*, const float*, const float*, float, int) = nullptr;
  int (*end_episode)(void*) = nullptr;
  void (*discard_episode)(void*) = nullptr;
  int (*update)(void*) = nullptr;

  template <class Function>
  void Find(const char* name, Function& function) {
    function = reinterpret_cast<Function>(dlsym(handle.get(), name));
  }
  template <class Function>
  void Need(const char* name, Function& function) {
    Find(name, function);
    if (function == nullptr) throw std::runtime_error(fmt::format("the C code has no {}", name));
  }
};

CPolicy::CPolicy(const fs::path& folder, std::int64_t most_steps, std::int64_t most_episodes)
    : library_(std::make_unique<Library>()) {
  const fs::path made = library_->folder.path() / "policy.so",
                 log = library_->folder.path() / "log";
  const std::string command = fmt::format(
      "{} -std=c99 -O2 -fPIC -shared -DANOLE_MAX_STEPS={} -DANOLE_MAX_EPISODES={} -I{} {} {} -lm "
      "-o {} >{} 2>&1",
      Compiler(), most_steps, most_episodes, ShellPath(folder),
      ShellPath(folder / "anole_policy.c"), ShellPath(folder / "anole_selfcheck.c"),
      ShellPath(made), ShellPath(log));
  const int status = std::system(command.c_str());  // NOLINT(bugprone-command-processor): quoted
  if (WEXITSTATUS(status) == 127) {
    throw UserError(Compiler() + ": no such C compiler; install one, or name it by CC");
  }
  if (status != 0 || !fs::exists(made)) {
    throw std::runtime_error(fmt::format("{}: the C compiler {} refuses it: {}", folder.string(),
                                         Compiler(), FirstError(log)));
  }
  library_->handle.reset(dlopen(made.c_str(), RTLD_NOW | RTLD_LOCAL));
  if (library_->handle == nullptr) {
    throw std::runtime_error(
        fmt::format("{}: the compiled C code cannot be loaded: {}", folder.string(), dlerror()));
  }
  library_->Need("anole_policy_bytes", library_->bytes);
  library_->Need("anole_selfcheck", library_->selfcheck);
  library_->Need("anole_begin", library_->begin);
  library_->Need("anole_act", library_->act);
  library_->Find("anole_record", library_->record);
  library_->Find("anole_end_episode", library_->end_episode);
  library_->Find("anole_discard_episode", library_->discard_episode);
  library_->Find("anole_update", library_->update);
  memory_.resize(library_->bytes() / sizeof(double) + 1);
  Begin();
}

CPolicy::~CPolicy() = default;

int CPolicy::SelfCheck() { return library_->selfcheck(memory_.data()); }

void CPolicy::Begin() { library_->begin(memory_.data()); }

void CPolicy::Act(const Eigen::VectorXf& observation, const Eigen::VectorXf& noise,
                  Eigen::VectorXf& action) {
  library_->act(memory_.data(), observation.data(), noise.size() == 0 ? nullptr : noise.data(),
                action.data());
}

bool CPolicy::learns() const { return library_->update != nullptr; }

int CPolicy::Record(const Eigen::VectorXf& observation, const Eigen::VectorXf& action, float reward,
                    bool terminated) {
  return library_->record(memory_.data(), observation.data(), action.data(), reward,
                          terminated ? 1 : 0);
}

int CPolicy::EndEpisode() { return library_->end_episode(memory_.data()); }

void CPolicy::DiscardEpisode() { library_->discard_episode(memory_.data()); }

int CPolicy::Update() { return library_->update(memory_.data()); }

Vector CPolicy::Parameters(std::int64_t count) const {
  return Eigen::Map<const Eigen::VectorXf>(reinterpret_cast<const float*>(memory_.data()), count)
      .cast<double>();
}

}  // namespace anole::exports
