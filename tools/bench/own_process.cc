#include "tools/bench/own_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "tools/run/files/durable_file.h"

extern "C" char** environ;  // NOLINT(readability-redundant-declaration): POSIX asks for it

namespace anole::bench {
namespace {

namespace fs = std::filesystem;

// "VmHWM:     9412 kB"; 0 where it cannot be told, as of a process that has just ended.
double PeakMemory(pid_t pid) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  std::string word;
  double kibibytes = 0;
  while (status >> word) {
    if (word == "VmHWM:" && status >> kibibytes) return 1024 * kibibytes;
  }
  return 0;
}

std::string WriteRun(const ScratchFolder& folder) {
  const fs::path file = folder.path() / "run.toml";
  WriteWholeFile(file, "[task]\nfamily = \"cheetah-velocity\"\n[meta]\niterations = 1\n");
  return file;
}

}  // namespace

OwnProcess::OwnProcess(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {"anole"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;  // signals as they are where a person starts the program
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  const int error =
      posix_spawn(&pid_, "/proc/self/exe", &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category(), "bench: cannot start");
}

OwnProcess::~OwnProcess() {
  if (pid_ != 0) waitpid(pid_, nullptr, 0);
}

double OwnProcess::Wait() {
  int status = 0;
  rusage usage{};
  while (wait4(pid_, &status, 0, &usage) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "bench: wait4");
  }
  pid_ = 0;
  if (status != 0) throw std::runtime_error("bench: a process of its own failed");
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double OwnProcess::WaitForPeakMemory() {
  double peak = 0;
  while (!HasEnded()) {
    peak = std::max(peak, PeakMemory(pid_));
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  Wait();
  return peak;
}

bool OwnProcess::HasEnded() const {
  siginfo_t info{};
  waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
  return info.si_pid == pid_;
}

OwnTraining::OwnTraining(int threads)
    : process_({"train", WriteRun(folder_), "--run-dir", run(), "--quiet", "--threads",
                std::to_string(threads)}) {}

}  // namespace anole::bench
