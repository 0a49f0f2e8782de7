// The processes that share the work of a run: this one alone, or the ranks of an MPI job. What each
// contributes comes back in the order of the ranks, so that no result depends on their number.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace anole {

// Collective calls are made by all ranks, in the same order and each from one thread.
class Communicator {
 public:
  virtual ~Communicator() = default;

  virtual int rank() const = 0;
  virtual int size() const = 0;

  // Threads that this rank is to use: the cores open to it, divided among the ranks that they are
  // open to.
  virtual int threads() const = 0;

  // Collective: what every rank has given, rank after rank.
  virtual std::vector<double> Gather(const std::vector<double>& mine) const = 0;

  // Collective: what rank 0 has given.
  virtual std::string Broadcast(const std::string& mine) const = 0;

  // Ends all ranks, whatever they are doing.
  [[noreturn]] virtual void Abort(int exit_code) const = 0;
};

// This process alone.
const Communicator& Alone();

// The ranks of an MPI job where a launcher has started this process as one of several; alone where
// not. Once in a process, from its main thread, which makes all calls. Throws UserError where the
// ranks cannot find each other, or where this program is built without MPI.
std::unique_ptr<Communicator> OpenCommunicator();

// Of this process, as its launcher says; 0 without one. Known also where OpenCommunicator fails.
int LaunchedRank();

// Contiguous: first, first + 1 ...
struct Part {
  std::int64_t first = 0, count = 0;
};

// The part of 0 .. n - 1 that is rank's: as even as can be, the larger ones first.
Part PartOf(std::int64_t n, int rank, int size);

}  // namespace anole
