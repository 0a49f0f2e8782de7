#include "meta/communicator.h"

#include <algorithm>
#include <cstdlib>

#include "agents/parallel_for.h"
#include "configs/user_error.h"
#include "meta/communicator_mpi.h"

namespace anole {
namespace {

class AloneCommunicator final : public Communicator {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  int threads() const override { return AvailableThreads(); }
  std::vector<double> Gather(const std::vector<double>& mine) const override { return mine; }
  std::string Broadcast(const std::string& mine) const override { return mine; }
  [[noreturn]] void Abort(int exit_code) const override { std::_Exit(exit_code); }
};

struct Launch {
  int rank = 0, size = 1;
};

// What the launcher tells: mpirun of OpenMPI; MPICH, Intel MPI and Slurm's PMI-2; Slurm's PMIx,
// which does not tell the size itself. A job script of Slurm that starts no step is no launcher.
Launch ReadLaunch() {
  static constexpr const char* kVariables[][2] = {{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
                                                  {"PMI_RANK", "PMI_SIZE"},
                                                  {"PMIX_RANK", "SLURM_STEP_NUM_TASKS"}};
  for (const auto& [rank, size] : kVariables) {
    const char *rank_text = std::getenv(rank), *size_text = std::getenv(size);
    if (rank_text != nullptr && size_text != nullptr) {
      return {static_cast<int>(std::strtol(rank_text, nullptr, 10)),
              static_cast<int>(std::strtol(size_text, nullptr, 10))};
    }
  }
  return {};
}

}  // namespace

const Communicator& Alone() {
  static const AloneCommunicator kAlone;
  return kAlone;
}

std::unique_ptr<Communicator> OpenCommunicator() {
  const Launch launch = ReadLaunch();
  if (launch.size <= 1) return std::make_unique<AloneCommunicator>();
  const std::string started =
      "a launcher has started " + std::to_string(launch.size) + " processes, but ";
#ifdef ANOLE_MPI
  std::unique_ptr<Communicator> ranks = OpenMpiCommunicator();
  if (ranks->size() != launch.size) {
    throw UserError(started + "MPI knows of " + std::to_string(ranks->size()) +
                    "; start them by the mpirun of the MPI that this program was built with, or by "
                    "srun --mpi=pmix");
  }
  return ranks;
#else
  throw UserError(started +
                  "this program is built without MPI, and each would do all of the work; install "
                  "libopenmpi-dev and openmpi-bin (tools/setup does) and build again");
#endif
}

int LaunchedRank() { return ReadLaunch().rank; }

Part PartOf(std::int64_t n, int rank, int size) {
  const std::int64_t even = n / size, larger = n % size;
  return {rank * even + std::min<std::int64_t>(rank, larger), even + (rank < larger ? 1 : 0)};
}

}  // namespace anole
