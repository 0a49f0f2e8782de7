#include "tools/run/memory_need.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <numeric>

#include "agents/control/control_loop.h"
#include "agents/network/gaussian_policy.h"
#include "agents/network/mlp.h"
#include "configs/user_error.h"
#include "tools/run/count_text.h"

namespace anole {
namespace {

namespace fs = std::filesystem;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Numbers of doubles that are as long as theta: itself, its direction, the one being adapted.
constexpr double kVectors = 3;

// The number in a file of the kernel's; infinite where there is none ("max").
double ReadBytes(const fs::path& file) {
  std::ifstream stream(file);
  double bytes = kInfinity;
  return stream >> bytes ? bytes : kInfinity;
}

// The least of a cgroup and all that it lies in.
double CgroupLimit() {
  double limit = ReadBytes("/sys/fs/cgroup/memory/memory.limit_in_bytes");  // version 1
  std::ifstream file("/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("0::")) continue;
    fs::path group = line.substr(3);
    while (true) {
      limit = std::min(
          limit, ReadBytes(fs::path("/sys/fs/cgroup") / group.relative_path() / "memory.max"));
      if (!group.has_relative_path()) break;
      group = group.parent_path();
    }
  }
  return limit;
}

double Gigabytes(double bytes) { return bytes / 1e9; }

double BytesOf(std::int64_t parameters) {
  return static_cast<double>(parameters) * (kVectors * sizeof(double) + sizeof(float));
}

}  // namespace

MemoryNeed NetworkNeed(const std::string& option, const std::vector<std::int64_t>& hidden,
                       std::int64_t inputs, std::int64_t outputs) {
  return {fmt::format("{} = [{}]", option, fmt::join(hidden, ", ")),
          BytesOf(MlpShape(inputs, hidden, outputs).size())};
}

MemoryNeed GruNeed(const GruShape& shape) {
  return {fmt::format("policy.gru = {}", shape.units), BytesOf(shape.size())};
}

std::vector<MemoryNeed> TrainingNeeds(const InnerLoop& inner_loop, const TrainerOptions& trainer,
                                      int threads) {
  const InnerLoopSpec& loop = inner_loop.spec();
  // All adaptations of an iteration are kept until the last one is there.
  const auto adaptations = static_cast<double>(trainer.adaptations());
  std::vector<MemoryNeed> needs = {{fmt::format("meta.batch_size = {}", trainer.batch_size),
                                    (kVectors - 1 + adaptations) * sizeof(double) *
                                        static_cast<double>(TotalSize(loop.layout.theta))}};
  const auto* control = dynamic_cast<const ControlLoop*>(&inner_loop);
  if (control == nullptr) return needs;  // it learns from data
  const FamilySpec& family = control->family().spec();
  // A step of an episode and what is learned from it: see agents/control/episode.h.
  const std::int64_t numbers =
      2 * (family.observation_dim + family.privileged_dim + family.action_dim) + 6 +
      static_cast<std::int64_t>(family.reward_terms.size());
  const std::int64_t by_threads = std::min<std::int64_t>(threads, trainer.batch_size);
  const std::int64_t at_once = trainer.mixture ? trainer.batch_size : by_threads;
  // Trials are kept whole: their episodes, and what they are joined to.
  const std::int64_t joined = loop.stays.empty() ? 1 : loop.training.updates + 1;
  const auto batches = static_cast<double>(loop.stays.empty() ? 1 : 2 * joined);
  needs.push_back(
      {fmt::format("inner.rollouts = {} of {}, for {} at once", loop.training.rollouts,
                   CountText(family.horizon, "step"), CountText(at_once, "task")),
       sizeof(double) * static_cast<double>(numbers) * static_cast<double>(family.horizon) *
           static_cast<double>(loop.training.rollouts) * static_cast<double>(at_once) * batches});
  const PolicyShape& shape = control->policy_shape();
  if (shape.gru.units > 0) {
    needs.push_back(
        {fmt::format("policy.gru = {} through {}, for {} at once", shape.gru.units,
                     CountText(family.horizon * joined, "step"), CountText(by_threads, "task")),
         static_cast<double>(by_threads) *
             BytesThroughTime(shape, loop.training.rollouts, family.horizon * joined)});
  }
  return needs;
}

void CheckMemory(const std::vector<MemoryNeed>& needs) {
  const double sum =
      std::accumulate(needs.begin(), needs.end(), 0.,
                      [](double bytes, const MemoryNeed& need) { return bytes + need.bytes; });
  const double limit = MemoryLimit();
  if (sum <= limit) return;
  const MemoryNeed& most = *std::ranges::max_element(needs, {}, &MemoryNeed::bytes);
  throw UserError(fmt::format(
      "{}: takes at least {:.3g} GB of memory{}; there are {:.3g} GB here", most.option,
      Gigabytes(most.bytes),
      most.bytes <= limit ? fmt::format(", all together {:.3g} GB", Gigabytes(sum)) : "",
      Gigabytes(limit)));
}

double MemoryLimit() {
  double limit = CgroupLimit();
  struct sysinfo machine{};
  if (sysinfo(&machine) == 0) {
    limit = std::min(limit, static_cast<double>(machine.mem_unit) *
                                static_cast<double>(machine.totalram + machine.totalswap));
  }
  for (const auto resource : {RLIMIT_AS, RLIMIT_DATA}) {
    rlimit allowed{};
    if (getrlimit(resource, &allowed) == 0 && allowed.rlim_cur != RLIM_INFINITY) {
      limit = std::min(limit, static_cast<double>(allowed.rlim_cur));
    }
  }
  return limit;
}

}  // namespace anole
