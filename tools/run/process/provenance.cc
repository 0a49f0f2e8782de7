#include "tools/run/process/provenance.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>
#include <thread>
#include <vector>

#include "agents/parallel_for.h"
#include "envs/mujoco.h"
#include "tools/run/process/git_commit.h"
#include "tools/run/shell_text.h"

namespace anole {
namespace {

using Json = nlohmann::ordered_json;

std::string CpuModel() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("model name")) continue;
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string HostName() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

}  // namespace

Json ProgramFacts() {
  return {{"anole", ANOLE_VERSION},       {"git_commit", kGitCommit},
          {"git_modified", kGitModified}, {"mujoco", MujocoVersion()},
          {"compiler", ANOLE_COMPILER},   {"instruction_set", ANOLE_CPU_CLASS}};
}

Json MachineFacts() {
  const double quota = CgroupQuota();
  return {{"host", HostName()},
          {"cpu", CpuModel()},
          {"cores", std::thread::hardware_concurrency()},
          {"affinity", AffinityCores()},
          {"cgroup_quota", quota > 0 ? Json(quota) : Json()}};
}

std::string UtcTime() {
  const auto now =
      std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now));
}

std::string CommandText() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(ShellWord(word));
  return fmt::format("{}", fmt::join(words, " "));
}

}  // namespace anole
