#include "meta/communicator_mpi.h"

#include <mpi.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <thread>

#include "agents/parallel_for.h"

namespace anole {
namespace {

int RankIn(MPI_Comm group) {
  int rank = 0;
  MPI_Comm_rank(group, &rank);
  return rank;
}

int SizeOf(MPI_Comm group) {
  int size = 0;
  MPI_Comm_size(group, &size);
  return size;
}

// Until `request` is complete. MPI's own waiting keeps a core busy, which another rank may need and
// which would count as work; a rank that waits for a slower one sleeps instead, each time for a
// small part of the time that it has waited already.
void Wait(MPI_Request& request) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::microseconds kBusy(200), kLongestSleep(1000);
  const Clock::time_point start = Clock::now();
  int done = 0;
  for (MPI_Test(&request, &done, MPI_STATUS_IGNORE); done == 0;
       MPI_Test(&request, &done, MPI_STATUS_IGNORE)) {
    const Clock::duration waited = Clock::now() - start;
    if (waited < kBusy) {
      std::this_thread::yield();
    } else {
      std::this_thread::sleep_for(std::min<Clock::duration>(waited / 50, kLongestSleep));
    }
  }
}

// mpirun may bind ranks to cores of their own, or let all of them use all: whether a core is shared
// is counted core by core.
int ThreadsOfRank() {
  MPI_Comm node = MPI_COMM_NULL;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
  cpu_set_t cores;
  CPU_ZERO(&cores);
  sched_getaffinity(0, sizeof(cores), &cores);
  std::array<int, CPU_SETSIZE> users{};  // ranks that each core is open to
  for (std::size_t i = 0; i < users.size(); ++i) users[i] = CPU_ISSET(i, &cores) ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, users.data(), CPU_SETSIZE, MPI_INT, MPI_SUM, node);
  double share = 0;
  for (std::size_t i = 0; i < users.size(); ++i) {
    if (CPU_ISSET(i, &cores)) share += 1.0 / users[i];
  }
  const double quota = CgroupQuota();
  if (quota > 0) share = std::min(share, quota / SizeOf(node));
  MPI_Comm_free(&node);
  return std::max(1, static_cast<int>(share + 1e-9));
}

class MpiCommunicator final : public Communicator {
 public:
  MpiCommunicator() {
    int provided = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
    if (provided < MPI_THREAD_FUNNELED) {
      throw std::runtime_error("this MPI does not allow threads beside the one that calls it");
    }
    rank_ = RankIn(MPI_COMM_WORLD);
    size_ = SizeOf(MPI_COMM_WORLD);
    threads_ = ThreadsOfRank();
  }
  ~MpiCommunicator() override { MPI_Finalize(); }
  MpiCommunicator(const MpiCommunicator&) = delete;
  MpiCommunicator& operator=(const MpiCommunicator&) = delete;

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  int threads() const override { return threads_; }

  // The sizes first: they may differ, and whoever is early waits there for the others.
  std::vector<double> Gather(const std::vector<double>& mine) const override {
    const auto count = static_cast<std::int64_t>(mine.size());
    std::vector<std::int64_t> sizes(static_cast<std::size_t>(size_));
    MPI_Request request = MPI_REQUEST_NULL;
    MPI_Iallgather(&count, 1, MPI_INT64_T, sizes.data(), 1, MPI_INT64_T, MPI_COMM_WORLD, &request);
    Wait(request);
    const std::int64_t total = std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0});
    if (total > std::numeric_limits<int>::max()) {
      throw std::length_error("the results of all ranks are too large for one message");
    }
    const std::vector<int> counts(sizes.begin(), sizes.end());
    std::vector<int> offsets(counts.size());
    std::exclusive_scan(counts.begin(), counts.end(), offsets.begin(), 0);
    std::vector<double> all(static_cast<std::size_t>(total));
    MPI_Allgatherv(mine.data(), counts[static_cast<std::size_t>(rank_)], MPI_DOUBLE, all.data(),
                   counts.data(), offsets.data(), MPI_DOUBLE, MPI_COMM_WORLD);
    return all;
  }

  std::string Broadcast(const std::string& mine) const override {
    std::string text = rank_ == 0 ? mine : "";
    auto size = static_cast<std::int64_t>(text.size());
    MPI_Request request = MPI_REQUEST_NULL;
    MPI_Ibcast(&size, 1, MPI_INT64_T, 0, MPI_COMM_WORLD, &request);
    Wait(request);
    text.resize(static_cast<std::size_t>(size));
    MPI_Bcast(text.data(), static_cast<int>(size), MPI_CHAR, 0, MPI_COMM_WORLD);
    return text;
  }

  [[noreturn]] void Abort(int exit_code) const override {
    MPI_Abort(MPI_COMM_WORLD, exit_code);
    std::_Exit(exit_code);
  }

 private:
  int rank_ = 0, size_ = 1, threads_ = 1;
};

}  // namespace

std::unique_ptr<Communicator> OpenMpiCommunicator() { return std::make_unique<MpiCommunicator>(); }

}  // namespace anole
